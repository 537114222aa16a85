"""The file server: everything under /files/.

`/files/{id}/{key}[/name]`: GET and HEAD fetch firmware (with Range); PUT and POST bring a log or an image, HEAD there
says how much has come (`Upload-Offset`). A wrong key is as unknown as a wrong id; old addresses say that they are.
"""

from time import perf_counter
from uuid import UUID

import structlog

from storage.errors import StoreUnavailable
from storage.web.file_addresses import FileAddress, get_address
from storage.web.firmware import get_firmware
from web.context import Context
from web.files.download import send_file
from web.files.finish import ended, over
from web.files.http import Request
from web.files.server import Files
from web.files.upload import Came, place_of, take_file

log = structlog.get_logger("files")
_UNKNOWN = "there is nothing at this address; it may have been copied wrongly"


class FileServer:
    """Answers everything under /files/."""

    def __init__(self, context: Context, files: Files) -> None:
        self._context = context
        self._files = files

    async def serve(self, request: Request) -> None:
        began = perf_counter()
        try:
            address = await self._find(request)
            status = await (self._unknown(request) if address is None else self._at(request, address))
        except StoreUnavailable as error:
            log.warning("store unavailable", error=str(error))
            detail = "the database cannot be asked just now; try again"
            status = await request.problem("store_unavailable", detail, {"retry-after": "5"})
        # The address is a key: only its id is written down.
        log.info(
            "file request", method=request.method, address=request.path[2][:36], status=status,
            duration_ms=round((perf_counter() - began) * 1000, 1),
        )  # fmt: skip

    async def _unknown(self, request: Request) -> int:
        return await request.problem("unknown_address", _UNKNOWN)

    async def _find(self, request: Request) -> FileAddress | None:
        """The address, when id and key are right. Names behind them mean nothing, whatever they hold."""
        if len(request.path) < 4:
            return None
        try:
            address_id = UUID(request.path[2])
        except ValueError:
            return None
        tenant = await self._files.tenant_of(address_id)
        if tenant is None:
            return None
        found = await self._context.reads.run_as_tenant(tenant, lambda c: get_address(c, address_id))
        return found if found is not None and found.opens(request.path[3]) else None

    async def _at(self, request: Request, address: FileAddress) -> int:
        now = self._context.clock()
        if (why := over(address, now)) is not None:
            return await request.problem("address_ended", why)
        fetches = address.purpose == "firmware"
        allowed = ("GET", "HEAD") if fetches else ("PUT", "POST", "HEAD")
        if request.method not in allowed:
            detail = f"this address takes {', '.join(allowed)}"
            return await request.problem("method_not_allowed", detail, {"allow": ", ".join(allowed)})
        if fetches:
            return await self._fetch(request, address)
        if request.method == "HEAD":
            await request.answer(200, {"upload-offset": str(await self._here(address)), "cache-control": "no-store"})
            return 200
        if not self._files.occupy(file := place_of(address)[2]):
            return await request.problem("upload_busy", "something is being brought to this address just now")
        try:
            return await self._bring(request, address, await self._here(address))
        finally:
            self._files.busy.discard(file)

    async def _here(self, address: FileAddress) -> int:
        """Bytes that have come. While somebody brings more it is true for a moment only."""
        return await self._files.disk(lambda: self._files.store.here(*place_of(address)))

    async def _fetch(self, request: Request, address: FileAddress) -> int:
        image_id = address.firmware_id
        image = None
        if image_id is not None:
            image = await self._context.reads.run_as_tenant(address.tenant_id, lambda c: get_firmware(c, image_id))
        if image is None or image.status != "ready":
            return await self._unknown(request)
        return await send_file(
            request, self._files, address.tenant_id, "firmware", image.id, size=image.size or 0,
            sha256=image.sha256 or "", name=image.name,
        )  # fmt: skip

    async def _bring(self, request: Request, address: FileAddress, here: int) -> int:
        came = await bring(self._context, self._files, request, address, here)
        offset = {"upload-offset": str(came.size)}
        if came.code == "interrupted":
            return 499  # nobody is there to hear an answer
        if came.code is not None:
            return await request.problem(came.code, came.detail, offset)
        await request.answer(201 if came.whole else 202, offset)
        return 201 if came.whole else 202


async def bring(context: Context, files: Files, request: Request, address: FileAddress, here: int) -> Came:
    """Takes the body of a request behind the `here` bytes that are there, and settles what came of it."""
    came = await take_file(request, files, address, here)
    return await ended(context.reads, files, address, came, context.clock)
