"""The commands every station has: start, stop, reset, unlock, availability, trigger, limit, rotate-password."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType

from web.api.bodies.base import Command, Commands, Examples, OfTransaction
from web.api.fields import Connector, Evse, Label, Password, PositiveEvse
from web.validation import NotValid

_Ampere = Annotated[float, Meta(ge=0, le=100_000)]
_Watt = Annotated[float, Meta(ge=-100_000_000, le=100_000_000)]


class Start(Command, frozen=True, kw_only=True):
    """Asks the station to start a session."""

    token: Label
    evse: PositiveEvse | UnsetType = UNSET
    connector: Connector | UnsetType = UNSET


class Stop(OfTransaction, frozen=True, kw_only=True):
    """Asks the station to end a session: ours by id, or the station's by transaction id."""


class Reset(Command, frozen=True, kw_only=True):
    """Restarts the station, or one EVSE. `immediate_and_resume` (2.1): its transactions go on after it."""

    kind: Literal["immediate", "on_idle", "immediate_and_resume"]
    evse: PositiveEvse | UnsetType = UNSET


class Unlock(Command, frozen=True, kw_only=True):
    """Releases a plug."""

    evse: PositiveEvse
    connector: Connector | UnsetType = UNSET


class Availability(Command, frozen=True, kw_only=True):
    """Takes the station, an EVSE or a connector into or out of service."""

    operative: bool
    evse: Evse | UnsetType = UNSET
    connector: Connector | UnsetType = UNSET


class Trigger(Command, frozen=True, kw_only=True):
    """Asks for a message now; names as in OCPP (`StatusNotification`)."""

    message: Label
    evse: Evse | UnsetType = UNSET
    connector: Connector | UnsetType = UNSET


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
    "start": Start,
    "stop": Stop,
    "reset": Reset,
    "unlock": Unlock,
    "availability": Availability,
    "trigger": Trigger,
    "limit": Limit,
    "rotate-password": RotatePassword,
}

EXAMPLES: Examples = {
    "start": {"token": "04A2B3C4", "evse": 1},
    "stop": {"transaction_id": "17"},
    "reset": {"kind": "on_idle"},
    "unlock": {"evse": 1, "connector": 1},
    "availability": {"evse": 1, "operative": False},
    "trigger": {"message": "StatusNotification", "evse": 1},
    "limit": {"evse": 1, "power_w": 7400},
    "rotate-password": {},
}
