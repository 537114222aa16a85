"""The file within a body: the body itself, or the first file of a form (multipart/form-data)."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import Final

import attrs
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, File, MultipartDecoder, NeedData

from web.files.http import Request

_FED: Final = 64 * 1024  # bytes a form's reader is given at once
_MOST_HELD: Final = 256 * 1024  # that it may hold: a form's head, or what looks like the end of a part


class NoFile(Exception):  # noqa: N818 - an answer
    """The form has no file in it, or cannot be read."""


@attrs.define
class Named:
    """What the form or a header calls the file; known once its first piece is there."""

    name: str | None = None


async def pieces(request: Request, named: Named) -> AsyncGenerator[bytes, None]:
    """The file piece by piece. Raises NoFile, Gone."""
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind == "multipart/form-data" and options.get("boundary"):
        async with aclosing(_from_form(request, options["boundary"], named)) as form:
            async for piece in form:
                yield piece
        return
    _, disposition = parse_options_header(request.headers.get("content-disposition"))
    named.name = disposition.get("filename")  # N01.FR.19
    async with aclosing(request.body()) as body:
        async for piece in body:
            yield piece


async def _from_form(request: Request, boundary: str, named: Named) -> AsyncGenerator[bytes, None]:
    decoder = MultipartDecoder(boundary.encode("latin-1", "replace"), max_form_memory_size=_MOST_HELD, max_parts=50)
    form = _Form(decoder, named)
    try:
        async with aclosing(request.body()) as body:
            async for piece in body:
                for at in range(0, len(piece), _FED):
                    for data in form.feed(piece[at : at + _FED]):
                        yield data
    except (ValueError, RuntimeError, RequestEntityTooLarge) as error:
        raise NoFile(f"the form cannot be read: {error}") from None
    if not form.found:
        raise NoFile("the form has no file in it: send the file as a part with a file name, or as the body itself")


class _Form:
    """Picks the first file out of a form's events."""

    def __init__(self, decoder: MultipartDecoder, named: Named) -> None:
        self._decoder = decoder
        self._named = named
        self._inside = False
        self.found = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._decoder.receive_data(data)
        event = self._decoder.next_event()
        while not isinstance(event, NeedData | Epilogue):
            if isinstance(event, File) and not self.found:
                self._inside = self.found = True
                self._named.name = event.filename
            elif isinstance(event, Data):
                if self._inside and event.data:
                    yield event.data
                self._inside = self._inside and event.more_data
            event = self._decoder.next_event()
