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
from web.files.finish import settle
from web.files.server import Files
from web.files.upload import Came, place_of

log = structlog.get_logger("ftp")


class Desk:
    """Methods run on the node's loop; the FTP thread calls them through `trio.from_thread`."""

    def __init__(self, files: Files, web: Pool, now: Callable[[], datetime]) -> None:
        self.files = files
        self._web = web
        self._now = now

    async def admit(self, user: str, password: str) -> tuple[FileAddress, FirmwareRow | None] | None:
        """The address somebody logs in to, with its image when it is to be fetched; None: not let in."""
        try:
            address_id = UUID(user)
        except ValueError:
            return None
        tenant = await self.files.tenant_of(address_id)
        if tenant is None:
            return None
        found = await self._web.run_as_tenant(tenant, lambda c: get_address(c, address_id))
        if found is None or not found.opens(password) or found.status != "open" or self._now() >= found.expires_at:
            return None
        image = None
        if found.purpose == "firmware" and (image_id := found.firmware_id) is not None:
            image = await self._web.run_as_tenant(tenant, lambda c: get_firmware(c, image_id))
            if image is None or image.status != "ready":
                return None
        return found, image

    async def arrived(self, address: FileAddress, name: str) -> None:
        """A log lies there whole, as far as FTP can tell."""
        digests = await self.files.disk(lambda: self.files.store.digests(*place_of(address)))
        came = Came(digests.size, shown_name(name), whole=True)
        await self._web.run_as_tenant(
            address.tenant_id, lambda c: settle(c, address, came, digests, None, self._now())
        )
        log.info("ftp upload", address=str(address.id), size=digests.size)

    async def broke_off(self, address: FileAddress, name: str, why: str) -> None:
        """What came is kept; the next try goes on behind it (REST, APPE)."""
        size = await self.files.disk(lambda: self.files.store.size(*place_of(address)))
        came = Came(size, shown_name(name))
        await self._web.run_as_tenant(address.tenant_id, lambda c: settle(c, address, came, None, why, self._now()))
