"""A file on its way in, piece by piece onto the disk. What was cut off is kept: the next try goes on behind it."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import attrs
import trio

from storage.files import FileStore, NotThere, shown_name
from storage.files_room import NoRoom
from storage.web.file_addresses import FileAddress
from web.files.bodies import Named, NoFile, pieces
from web.files.http import PIECE, Gone, Request
from web.files.ranges import WrongRange, brought
from web.files.server import Files


@attrs.frozen
class Came:
    """How it ended. `code`: of the problem, None when all went well; `whole`: the file is complete."""

    size: int
    name: str | None
    whole: bool = False
    code: str | None = None
    detail: str = ""


async def take_file(request: Request, files: Files, address: FileAddress, here: int) -> Came:
    """Writes the body behind the `here` bytes that are there, or where it says it belongs. No sender makes it raise."""
    name = shown_name("/".join(request.path[4:]))
    try:
        offset, total = brought(request.headers.get("content-range"), request.headers.get("upload-offset"))
    except WrongRange as error:
        return Came(here, name, code="wrong_range", detail=str(error))
    if offset > here:
        return Came(here, name, code="wrong_offset", detail=f"{here} bytes are here; go on from there")
    most = address.most_bytes or files.rules.most_log
    if max(offset + _least(request), total or 0) > most:
        return Came(here, name, code="too_large", detail=f"at most {most} bytes are taken here")
    tenant, shelf, _ = place_of(address)
    try:
        await files.disk(lambda: files.store.admit(tenant, shelf, _least(request)))
    except NoRoom as error:
        return Came(here, name, code=error.code, detail=str(error))
    named = Named()
    sink = _Sink(files, address, offset, most)
    came = await _pour(request, pieces(request, named), sink)
    came = attrs.evolve(came, name=shown_name(named.name) or name)
    if came.code is None:
        whole = total is None if request.headers.get("upload-offset") is None else True
        came = attrs.evolve(came, whole=whole or came.size == total)
    return came


def _least(request: Request) -> int:
    """How long the body is at least; a form's frame around the file does not count."""
    return 0 if "multipart/" in request.headers.get("content-type", "") else request.length or 0


async def _pour(request: Request, source: AsyncGenerator[bytes, None], sink: "_Sink") -> Came:
    try:
        with trio.fail_after(sink.longest):
            async with aclosing(source) as body:
                async for piece in body:
                    await sink.take(piece)
                    if sink.size > sink.most:
                        await sink.drop()
                        return Came(0, None, code="too_large", detail=f"at most {sink.most} bytes are taken here")
        await sink.flush()
    except trio.TooSlowError:
        await sink.flush()
        detail = f"an upload may take {sink.longest:g} s; {sink.size} bytes are kept; go on from there"
        return Came(sink.size, None, code="request_timeout", detail=detail)
    except Gone as error:
        await sink.flush()
        detail = f"{error}: {sink.size} bytes are kept; go on from there"
        return Came(sink.size, None, code="interrupted", detail=detail)
    except NoFile as error:
        return Came(sink.size, None, code="bad_request", detail=str(error))
    except NoRoom as error:
        return Came(sink.written, None, code=error.code, detail=str(error))
    except NotThere as error:
        return Came(0, None, code="wrong_offset", detail=str(error))
    if sink.size == 0:
        return Came(0, None, code="bad_request", detail="the file is empty")
    return Came(sink.size, None)


class _Sink:
    """Gathers pieces and writes them in larger ones."""

    def __init__(self, files: Files, address: FileAddress, offset: int, most: int) -> None:
        self._files = files
        self._address = address
        self._held = bytearray()
        self.written = offset
        self.most = most
        self.longest = files.rules.longest

    @property
    def size(self) -> int:
        return self.written + len(self._held)

    async def take(self, piece: bytes) -> None:
        self._held += piece
        if len(self._held) >= PIECE:
            await self.flush()

    async def flush(self) -> None:
        if self._held:
            data, self._held = bytes(self._held), bytearray()
            at, (tenant, shelf, file) = self.written, self._place
            self.written = await self._files.disk(lambda: self._store.write(tenant, shelf, file, at, data))

    async def drop(self) -> None:
        self._held.clear()
        self.written = 0
        await self._files.disk(lambda: self._store.discard(*self._place))

    @property
    def _store(self) -> FileStore:
        return self._files.store

    @property
    def _place(self) -> Any:
        return place_of(self._address)


def place_of(address: FileAddress) -> Any:
    """(tenant, shelf, file) of what is brought to an address."""
    if address.purpose == "image":
        return address.tenant_id, "firmware", address.firmware_id
    return address.tenant_id, "logs", address.id
