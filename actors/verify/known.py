"""What we have found out about a station by asking it: what it can do, what it does not survive, what it should follow.

Kept with the station's state (station_states.local), and shown as station objects:

- `capability`, key `Action` or `Action/what`: status `unsupported`, or `works` when it said otherwise before, data
  {"said": the station's word};
- `question`, key `Action`: status `held_back`, data {"times": n}; gone once it was answered in peace;
- `limit_check`, key the EVSE: status `followed` or `ignored`, data {"limit_w", "power_w", "command_id"}; `cleared` or
  `not_cleared`, data {"limit_w", "composite_w"}, where a cleared limit was looked after.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec.structs import replace

CAPABILITY: Final = "capability"
QUESTION: Final = "question"
LIMIT_CHECK: Final = "limit_check"


class Asked(msgspec.Struct, frozen=True):
    """The newest question, until it is known that the station survived it."""

    action: str
    at: datetime


class Watched(msgspec.Struct, frozen=True):
    """A limit that the station accepted and whose meter has yet to show it. `over`, `under`: samples in a row."""

    evse: int
    purpose: str
    limit_w: float
    since: datetime
    until: datetime | None = None
    command_id: str | None = None
    over: int = 0
    under: int = 0


class Known(msgspec.Struct, frozen=True):
    """`capabilities`: key → status. `fatal`: action → how often the station went away right after it."""

    capabilities: Mapping[str, str] = {}
    fatal: Mapping[str, int] = {}
    watched: tuple[Watched, ...] = ()
    asked: Asked | None = None
    limits: Mapping[str, float] = {}  # the newest limit in W that an EVSE accepted, until it is cleared
    starts: Mapping[str, dict[str, Any]] = {}  # what a remote start is told when it begins, by its id; the newest ones


NOTHING_KNOWN: Final = Known()


def kept(known: Known) -> dict[str, Any]:
    """As JSON values for the station's row; {} when there is nothing."""
    if not (known.capabilities or known.fatal or known.watched or known.limits or known.starts):
        return {}
    return {"known": msgspec.to_builtins(replace(known, asked=None))}


def read(local: Mapping[str, Any]) -> Known:
    """From the station's row; what cannot be read is found out anew."""
    try:
        return msgspec.convert(local.get("known", {}), Known)
    except msgspec.ValidationError:
        return NOTHING_KNOWN
