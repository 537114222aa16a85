"""The commands every station has: reset, limit, rotate-password. Those of remote control are in control.py."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType

from web.api.bodies.base import Command, Commands, Examples
from web.api.fields import Evse, Password, PositiveEvse
from web.validation import NotValid

_Ampere = Annotated[float, Meta(ge=0, le=100_000)]
_Watt = Annotated[float, Meta(ge=-100_000_000, le=100_000_000)]


class Reset(Command, frozen=True, kw_only=True):
    """Restarts the station, or one EVSE. `immediate_and_resume` (2.1): its transactions go on after it."""

    kind: Literal["immediate", "on_idle", "immediate_and_resume"]
    evse: PositiveEvse | UnsetType = UNSET


class Limit(Command, frozen=True, kw_only=True):
    """Limits power or current; null takes our limit away."""

    power_w: _Watt | UnsetType | None = UNSET
    current_a: _Ampere | UnsetType | None = UNSET
    evse: Evse | UnsetType = UNSET
    until: Annotated[datetime, Meta(tz=True)] | UnsetType = UNSET

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        if ("power_w" in given) == ("current_a" in given):
            raise NotValid([("", "give either `power_w` or `current_a`; null takes the limit away")])
        return given


class RotatePassword(Command, frozen=True, kw_only=True):
    """Sends a new password to the station; it counts when the station has accepted it."""

    password: Password | UnsetType = UNSET


COMMANDS: Commands = {
    "reset": Reset,
    "limit": Limit,
    "rotate-password": RotatePassword,
}

EXAMPLES: Examples = {
    "reset": {"kind": "on_idle"},
    "limit": {"evse": 1, "power_w": 7400},
    "rotate-password": {},
}
