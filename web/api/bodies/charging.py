"""The commands of smart charging: profiles set, cleared, reported, what follows from them, dynamic values, priority."""

from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from actors.charging.profile import Number, Profile, ProfileId, Purpose, Whole
from web.api.bodies.base import Command, Commands, Examples, OfTransaction
from web.api.fields import Evse, Label
from web.validation import NotValid

_Purpose = Literal[
    "ChargingStationMaxProfile", "TxDefaultProfile", "TxProfile", "PriorityCharging", "LocalGeneration",
    "ChargingStationExternalConstraints",
]  # fmt: skip
Source = Annotated[str, Meta(min_length=1, max_length=20)]
Ids = Annotated[list[ProfileId], Meta(min_length=1, max_length=500)]


class ChargingProfile(Command, frozen=True, kw_only=True):
    """Sets a charging profile. `session` or `transaction_id` only for a TxProfile, which needs one."""

    profile: Profile
    evse: Evse | UnsetType = UNSET
    session: UUID | UnsetType = UNSET
    transaction_id: Label | UnsetType = UNSET

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        if "session" in given and "transaction_id" in given:
            raise NotValid([("", "give either `session` or `transaction_id`")])
        return given


class ClearChargingProfile(Command, frozen=True, kw_only=True):
    """Takes away one profile by `id`, or all that fit the other members, which then must all be true of it."""

    id: ProfileId | UnsetType = UNSET
    evse: Evse | UnsetType = UNSET
    purpose: Purpose | UnsetType = UNSET
    stack_level: Whole | UnsetType = UNSET

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        if not given:
            raise NotValid([("", "give `id`, or one or more of `evse`, `purpose`, `stack_level` (K10.FR.02)")])
        if "id" in given and len(given) > 1:
            raise NotValid([("/id", "names one profile: leave the other members out")])
        if given.get("purpose") in ("ChargingStationExternalConstraints", "LocalGeneration"):
            raise NotValid([("/purpose", "limits of others are not ours to clear (K10.FR.06)")])
        return given


class ChargingProfiles(Command, frozen=True, kw_only=True):
    """Asks for a report of the profiles that are installed; without members: all of them."""

    evse: Evse | UnsetType = UNSET
    ids: Ids | UnsetType = UNSET
    purpose: _Purpose | UnsetType = UNSET
    stack_level: Whole | UnsetType = UNSET
    sources: Annotated[list[Source], Meta(min_length=1, max_length=4)] | UnsetType = UNSET

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        if "ids" in given and given.keys() & {"purpose", "stack_level", "sources"}:
            raise NotValid([("/ids", "name the profiles: leave the other members out (K09.FR.03)")])
        return given


class CompositeSchedule(Command, frozen=True, kw_only=True):
    """Asks what follows from all profiles together; `duration_s` defaults to a day, EVSE 0 is the whole station."""

    evse: Evse | UnsetType = UNSET
    duration_s: Annotated[int, Meta(ge=1, le=31_536_000)] | UnsetType = UNSET
    unit: Literal["A", "W"] | UnsetType = UNSET


class Values(Command, frozen=True, kw_only=True):
    """Limits and setpoints; discharging is negative. What is left out stays as it is."""

    limit: Number | UnsetType = UNSET
    limit_l2: Number | UnsetType = UNSET
    limit_l3: Number | UnsetType = UNSET
    discharge_limit: Number | UnsetType = UNSET
    discharge_limit_l2: Number | UnsetType = UNSET
    discharge_limit_l3: Number | UnsetType = UNSET
    setpoint: Number | UnsetType = UNSET
    setpoint_l2: Number | UnsetType = UNSET
    setpoint_l3: Number | UnsetType = UNSET
    setpoint_reactive: Number | UnsetType = UNSET
    setpoint_reactive_l2: Number | UnsetType = UNSET
    setpoint_reactive_l3: Number | UnsetType = UNSET

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        wrong = [
            (f"/{name}", f"needs `{base}`, which then counts for L1 (V2X.07)")
            for name in given
            for base in [name.removesuffix("_l2").removesuffix("_l3")]
            if base not in given
        ]
        wrong += [
            (f"/{name}", "discharging is negative or 0")
            for name, value in given.items()
            if name.startswith("discharge_limit") and value > 0
        ]
        if wrong:
            raise NotValid(wrong)
        if not given.keys() - {"profile"}:
            raise NotValid([("", "give one or more of `limit`, `discharge_limit`, `setpoint`, `setpoint_reactive`")])
        return given


class DynamicLimit(Values, frozen=True, kw_only=True):
    """New values for a Dynamic profile, which count at once; `profile` is its id."""

    profile: ProfileId


class PriorityCharging(OfTransaction, frozen=True, kw_only=True):
    """A session charges with priority, or no longer: by the PriorityCharging profile that the station holds."""

    activate: bool


COMMANDS: Commands = {
    "charging-profile": ChargingProfile,
    "clear-charging-profile": ClearChargingProfile,
    "charging-profiles": ChargingProfiles,
    "composite-schedule": CompositeSchedule,
    "dynamic-limit": DynamicLimit,
    "priority-charging": PriorityCharging,
}

EXAMPLES: Examples = {
    "charging-profile": {
        "evse": 1,
        "profile": {
            "purpose": "TxDefaultProfile",
            "kind": "Recurring",
            "recurrency": "Daily",
            "schedules": [
                {
                    "unit": "A",
                    "start": "2026-01-01T00:00:00Z",
                    "periods": [{"start_s": 0, "limit": 16}, {"start_s": 21_600, "limit": 10}],
                }
            ],
        },
    },
    "clear-charging-profile": {"purpose": "TxDefaultProfile", "evse": 1},
    "charging-profiles": {"evse": 1},
    "composite-schedule": {"evse": 1, "duration_s": 3600, "unit": "W"},
    "dynamic-limit": {"profile": 7, "setpoint": -5000},
    "priority-charging": {"transaction_id": "17", "activate": True},
}
