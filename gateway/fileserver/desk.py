"""What the FTP server asks of a node: who may come in for what, and what follows when a file is there.

FTP logs in as an address' id with its key for a password: the same one-time addresses as over HTTP.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import structlog

from storage.files import shown_name
from storage.pool import Pool
from storage.web.file_addresses import FileAddress, get_address
from storage.web.firmware import FirmwareRow, get_firmware
from web.files.finish import ended, over
from web.files.server import Files
from web.files.upload import Came, place_of

log = structlog.get_logger("ftp")
_TAKEN = "226 Transfer complete."


class Desk:
    """Methods run on the node's loop; the FTP thread calls them through `trio.from_thread`, or does not wait."""

    def __init__(self, files: Files, web: Pool, now: Callable[[], datetime]) -> None:
        self.files = files
        self._web = web
        self._now = now

    async def admit(self, user: str, password: str) -> tuple[FileAddress, FirmwareRow | None] | None:
        """The address somebody logs in to, with its image when it is to be fetched; None: not let in.

        Images are brought over HTTP only: the operator has no need of a password that goes in the clear.
        """
        try:
            address_id = UUID(user)
        except ValueError:
            return None
        tenant = await self.files.tenant_of(address_id)
        if tenant is None:
            return None
        found = await self._web.run_as_tenant(tenant, lambda c: get_address(c, address_id))
        if found is None or not found.opens(password) or over(found, self._now()) or found.purpose == "image":
            return None
        image = None
        if found.purpose == "firmware" and (image_id := found.firmware_id) is not None:
            image = await self._web.run_as_tenant(tenant, lambda c: get_firmware(c, image_id))
            if image is None or image.status != "ready":
                return None
        return found, image

    async def begin(self, address: FileAddress) -> str | None:
        """Asked each time something is to be written: an address takes one file, however long somebody stays logged in.

        Why not; None: the file is the caller's until `leave`.
        """
        found = await self._web.run_as_tenant(address.tenant_id, lambda c: get_address(c, address.id))
        if found is None or (why := over(found, self._now())):
            return "this address is over" if found is None else why
        return None if self.files.occupy(place_of(address)[2]) else "something is being brought here just now"

    async def arrived(self, address: FileAddress, name: str) -> str:
        """A log lies there whole, as far as FTP can tell: it is checked and taken. What the client is told."""
        size = await self.files.disk(lambda: self.files.store.here(*place_of(address)))
        if size == 0:
            await self._settle(address, Came(0, shown_name(name), code="bad_request", detail="the file is empty"))
            return "550 The file is empty."
        came = await self._settle(address, Came(size, shown_name(name), whole=True))
        log.info("ftp upload", address=str(address.id), size=size, problem=came.code)
        return _TAKEN if came.code is None else f"550 Not taken: {came.detail}."

    async def broke_off(self, address: FileAddress, name: str, why: str) -> None:
        """What came is kept; the next try goes on behind it (REST, APPE)."""
        size = await self.files.disk(lambda: self.files.store.here(*place_of(address)))
        await self._settle(address, Came(size, shown_name(name), code="interrupted", detail=why))

    def leave(self, address: FileAddress) -> None:
        """Others may bring the file now."""
        self.files.busy.discard(place_of(address)[2])

    async def _settle(self, address: FileAddress, came: Came) -> Came:
        return await ended(self._web, self.files, address, came, self._now)
