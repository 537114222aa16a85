"""A route as data: what the dispatcher serves, and what the OpenAPI document says, are made from the same value."""

from collections.abc import Mapping
from typing import Any

import attrs
from msgspec import Struct

from web.api.call import Handler


class NoQuery(Struct, forbid_unknown_fields=True):
    """A route that takes no query parameters."""


@attrs.frozen
class Route:
    """One call of the API; `path` is below the base, with `{names}`."""

    method: str
    path: str
    handler: Handler
    summary: str
    answers: Mapping[int, Any]        # status → type of the body, None for no body
    query: type[Struct] = NoQuery
    body: Any = None                  # a Struct, `Any` for whatever JSON, None for no body
    body_optional: bool = False
    problems: tuple[str, ...] = ()    # codes beside those that every route may answer
    description: str = ""
    example: Any = None               # of the body
    creates: bool = False             # takes Idempotency-Key
    conditional: bool = False         # takes If-Match
    merge_patch: bool = False

    @property
    def tag(self) -> str:
        """The resource: the first segment of the path."""
        return self.path.split("/")[1]

    @property
    def parameters(self) -> list[str]:
        """Names in the path, in order."""
        return [segment[1:-1] for segment in self.path.split("/") if segment.startswith("{")]
