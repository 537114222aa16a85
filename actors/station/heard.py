"""What a capability is given when a station says something only it understands, and what its table looks like.

A capability is a folder of `actors/` with pure modules. What stations tell it stands in its `incoming.py`:
`INCOMING: Incoming = {"FirmwareStatusNotification": _status, …}`; `actors/station/incoming.py` joins those tables.
"""

from collections.abc import Callable, Mapping
from typing import Any

import attrs
import msgspec

from actors.station.questions import Answers
from actors.station.who import Station
from actors.station.work import Work
from protocol.ocpp import neutral


@attrs.frozen
class Heard:
    """One request of a station. `payload` is typed as its version types it; `answers.outside` is what was consulted."""

    station: Station
    action: str
    payload: Any
    answers: Answers

    @property
    def json(self) -> dict[str, Any]:
        """The payload as plain JSON values: absent fields are absent."""
        plain: dict[str, Any] = msgspec.to_builtins(self.payload)
        return plain


Handler = Callable[[Work, Heard], neutral.Reply]
Incoming = Mapping[str, Handler]
EMPTY = neutral.EmptyReply()
