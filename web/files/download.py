"""A file on its way out: whole or in part, so that a station can go on where it was cut off."""

from functools import partial
from uuid import UUID

import trio

from storage.files import NotThere, Shelf
from web.files.http import PIECE, Request
from web.files.ranges import NotSatisfiable, wanted
from web.files.server import Files


async def send_file(
    request: Request, files: Files, tenant: UUID, shelf: Shelf, file: UUID, *, size: int, sha256: str, name: str | None
) -> int:
    """Answers a GET or HEAD; returns the status. `If-Range` that is not the file's tag gets the whole file."""
    tag = f'"{sha256}"'
    headers = {"accept-ranges": "bytes", "etag": tag, "content-type": "application/octet-stream"}
    if name:
        plain = name.encode("ascii", "replace").decode().replace('"', "_").replace("\\", "_")
        headers["content-disposition"] = f'attachment; filename="{plain}"'
    asked = request.headers.get("range")
    if request.headers.get("if-range", tag) != tag:
        asked = None
    try:
        part = wanted(asked, size)
    except NotSatisfiable:
        detail = f"the file has {size} bytes"
        return await request.problem("wrong_range", detail, {"content-range": f"bytes */{size}"})
    if await files.disk(lambda: files.store.size(tenant, shelf, file)) != size:
        return await request.problem("not_found", "the file is not on this server; ask whoever runs it")
    begin, end = part or (0, size)
    if part is not None:
        headers["content-range"] = f"bytes {begin}-{end - 1}/{size}"
    status = 200 if part is None else 206
    headers["content-length"] = str(end - begin)
    await request.begin(status, headers)
    if request.method == "HEAD":
        await request.piece(b"", more=False)
        return status
    await _pieces(request, files, tenant, shelf, file, begin, end)
    return status


async def _pieces(
    request: Request, files: Files, tenant: UUID, shelf: Shelf, file: UUID, begin: int, end: int
) -> None:
    at = begin
    while at < end:
        most, place = min(PIECE, end - at), at
        data = await files.disk(partial(files.store.read, tenant, shelf, file, place, most))
        if not data:
            raise NotThere(f"{file} became shorter while it was sent")
        at += len(data)
        with trio.fail_after(files.rules.silence):
            await request.piece(data, more=at < end)
