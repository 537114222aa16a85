"""What a script can say, as frozen values."""

from typing import Any

import attrs


@attrs.frozen
class Plug:
    """A vehicle with these traits is plugged into an EVSE; None takes the vehicle's default."""

    evse: int
    soc: float | None = None
    target: float | None = None
    battery_wh: float | None = None
    ac_watts: float | None = None
    dc_watts: float | None = None
    phases: int | None = None
    discharge_watts: float | None = None


@attrs.frozen
class Swipe:
    """A token is held to the reader."""

    token: str
    evse: int | None = None


@attrs.frozen
class Unplug:
    """The vehicle drives off."""

    evse: int


@attrs.frozen
class Wait:
    """So many seconds of the station's time pass, drawn between the two."""

    least_s: float
    most_s: float


@attrs.frozen
class Until:
    """Wait for a condition, at most `limit_s` seconds of the station's time."""

    condition: str
    evse: int | None
    limit_s: float


@attrs.frozen
class LoseLink:
    """The connection breaks without a goodbye and stays away for a time drawn between the two (station's seconds)."""

    least_s: float
    most_s: float


@attrs.frozen
class Fault:
    """An outlet breaks (with an errorCode of OCPP 1.6) or is mended (code None)."""

    evse: int
    code: str | None


@attrs.frozen
class Misbehave:
    """A bad manner begins, or is done once."""

    kind: str
    count: int


@attrs.frozen
class Behave:
    """All bad manners end."""


@attrs.frozen
class Reboot:
    """The station loses power for a moment."""


@attrs.frozen
class Say:
    """A line for whoever watches."""

    text: str


@attrs.frozen
class Send:
    """A message made by hand: any action of the station's version."""

    action: str
    payload: Any


@attrs.frozen
class Act:
    """Something a capability of the station knows how to do (simulators/station/acts.py)."""

    name: str
    words: tuple[str, ...]


@attrs.frozen
class Repeat:
    """Start again from the top, `times` more times; None for ever."""

    times: int | None


Statement = (
    Plug | Swipe | Unplug | Wait | Until | LoseLink | Fault | Misbehave | Behave | Reboot | Say | Send | Act | Repeat
)


@attrs.frozen
class Step:
    """One statement and the line it stands on."""

    line: int
    text: str
    statement: Statement
