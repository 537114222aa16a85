"""Commands about the device model and the way to the platform."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType

from web.api.bodies.base import Command, Commands, Examples
from web.api.fields import Object
from web.validation import NotValid

_Url = Annotated[str, Meta(min_length=6, max_length=2000, pattern="^wss?://[^\\s]+$")]
_Slot = Annotated[int, Meta(ge=0, le=2**31 - 1)]
_Interface = Literal[
    "Wired0", "Wired1", "Wired2", "Wired3", "Wireless0", "Wireless1", "Wireless2", "Wireless3", "Any"
]
_Criterion = Literal["Active", "Available", "Enabled", "Problem"]


class BaseReport(Command, frozen=True, kw_only=True):
    """Asks for the device model: all of it, what can be configured, or a summary. It comes in parts, as a report."""

    kind: Literal["full", "configuration", "summary"]


class Report(Command, frozen=True, kw_only=True):
    """Asks for some components and variables (`component`, `variable?`), or for those of which something is true."""

    components: Annotated[list[Object], Meta(min_length=1, max_length=1000)] | UnsetType = UNSET
    criteria: Annotated[list[_Criterion], Meta(min_length=1, max_length=4)] | UnsetType = UNSET

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        if not given:
            raise NotValid([("", "name `components`, `criteria` or both; `base-report` asks for everything")])
        return given


class NetworkProfile(Command, frozen=True, kw_only=True):
    """Stores in a slot how the station may reach a platform; `network-priority` says which slots it tries.

    `password`: the one in force, for stations that do not take it over; a new one is set by `rotate-password`.
    """

    slot: _Slot
    url: _Url
    security_profile: Annotated[int, Meta(ge=0, le=3)]
    interface: _Interface = "Wired0"
    message_timeout: Annotated[int, Meta(ge=1, le=3600, description="Seconds")] = 30
    ocpp_version: Literal["OCPP16", "OCPP20", "OCPP201", "OCPP21"] | UnsetType = UNSET
    identity: Annotated[str, Meta(min_length=1, max_length=48)] | UnsetType = UNSET
    password: Annotated[str, Meta(min_length=16, max_length=64)] | UnsetType = UNSET
    apn: Object | UnsetType = UNSET
    vpn: Object | UnsetType = UNSET


class NetworkPriority(Command, frozen=True, kw_only=True):
    """Slots in the order in which the station shall try them."""

    slots: Annotated[list[_Slot], Meta(min_length=1, max_length=20)]

    def arguments(self) -> dict[str, Any]:
        if len(set(self.slots)) < len(self.slots):
            raise NotValid([("/slots", "each slot once")])
        return super().arguments()


COMMANDS: Commands = {
    "base-report": BaseReport,
    "report": Report,
    "network-profile": NetworkProfile,
    "network-priority": NetworkPriority,
}

EXAMPLES: Examples = {
    "base-report": {"kind": "full"},
    "report": {"components": [{"component": {"name": "OCPPCommCtrlr"}}]},
    "network-profile": {"slot": 2, "url": "wss://csms.example/ocpp", "security_profile": 2, "interface": "Wired0"},
    "network-priority": {"slots": [2, 1]},
}
