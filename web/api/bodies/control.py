"""Remote control: start, stop, unlock, availability, trigger, clear-cache, local-list-version."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, to_builtins

from web.api.bodies.base import Command, Commands, Examples, OfTransaction
from web.api.fields import Connector, Evse, Label, PositiveEvse
from web.api.token_fields import Type
from web.validation import NotValid

_Cost = Annotated[str, Meta(pattern="^[0-9]{1,9}([.][0-9]{1,4})?$(?!\\n)", description="decimal, taxes included")]


class Limits(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True, omit_defaults=True):
    """When the station ends the transaction by itself (OCPP 2.1, F07): told with the answer to its begin."""

    max_cost: _Cost | None = None
    max_energy_wh: Annotated[float, Meta(gt=0, le=1e9)] | None = None
    max_time_s: Annotated[int, Meta(ge=1, le=31_536_000)] | None = None
    max_soc: Annotated[int, Meta(ge=0, le=100)] | None = None


class Start(Command, frozen=True, kw_only=True):
    """Asks the station to start a session. `profile`: a TxProfile as the station's OCPP version writes it; `group`: who
    may end it too, unless given the token's own; both 1.6 and 2.x start on what is reserved for that token or group."""

    token: Label
    token_type: Type | UnsetType = UNSET
    evse: PositiveEvse | UnsetType = UNSET
    connector: Connector | UnsetType = UNSET
    group: Label | UnsetType = UNSET
    profile: dict[str, Any] | UnsetType = UNSET
    limits: Limits | UnsetType = UNSET

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        if self.limits is not UNSET:
            given["limits"] = to_builtins(self.limits)
            if not given["limits"]:
                raise NotValid([("/limits", "name at least one limit")])
        return given


class Stop(OfTransaction, frozen=True, kw_only=True):
    """Asks the station to end a session: ours by id, or the station's by transaction id."""


class Unlock(Command, frozen=True, kw_only=True):
    """Releases a plug."""

    evse: PositiveEvse
    connector: Connector | UnsetType = UNSET


class Availability(Command, frozen=True, kw_only=True):
    """Takes the station, an EVSE or a connector into or out of service; followed until it is so, and kept so."""

    operative: bool
    evse: Evse | UnsetType = UNSET
    connector: Connector | UnsetType = UNSET


class Trigger(Command, frozen=True, kw_only=True):
    """Asks for a message now; names as in OCPP (`StatusNotification`). `custom`: the name beside `CustomTrigger` (2.1);
    `extended`: by ExtendedTriggerMessage of 1.6."""

    message: Label
    evse: Evse | UnsetType = UNSET
    connector: Connector | UnsetType = UNSET
    custom: Annotated[str, Meta(min_length=1, max_length=50)] | UnsetType = UNSET
    extended: bool | UnsetType = UNSET


class ClearCache(Command, frozen=True, kw_only=True):
    """The station forgets which tokens it has asked about."""


class LocalListVersion(Command, frozen=True, kw_only=True):
    """Asks which version of the local list the station has."""


COMMANDS: Commands = {
    "start": Start,
    "stop": Stop,
    "unlock": Unlock,
    "availability": Availability,
    "trigger": Trigger,
    "clear-cache": ClearCache,
    "local-list-version": LocalListVersion,
}

EXAMPLES: Examples = {
    "start": {"token": "04A2B3C4", "evse": 1},
    "stop": {"transaction_id": "17"},
    "unlock": {"evse": 1, "connector": 1},
    "availability": {"evse": 1, "operative": False},
    "trigger": {"message": "StatusNotification", "evse": 1},
    "clear-cache": {},
    "local-list-version": {},
}
