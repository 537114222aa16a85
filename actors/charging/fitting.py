"""Whether a charging profile fits a station: what is installed there, and what it has told of itself. Pure.

OCPP 2.1 Part 2, K01; OCPP 1.6, 9.1 (keys of smart charging). What a station never told is not held against it, except
where the requirement says "defined and true".
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from attrs import field, frozen
from msgspec import UNSET

from actors.charging.profile import Period, Profile
from protocol.ocpp.version import Version

Wrong = tuple[str, str]
_UNITS: Final = {"current": "A", "power": "W", "a": "A", "w": "W"}
_EARLIEST, _LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
# What a schedule may need, the variable that a station says no with, and the requirement.
_SCHEDULE_NEEDS: Final = (
    ("local_time", "supportsuselocaltime", "K01.FR.123"),
    ("randomized_delay_s", "supportsrandomizeddelay", "K01.FR.124"),
    ("limit_at_soc", "supportslimitatsoc", "K01.FR.125"),
)


@frozen
class Told:
    """What a station has told. `values`: variable or key in small letters → value; `ac_phase`: K01.FR.20."""

    values: Mapping[str, str] = field(factory=dict)

    def number(self, *names: str) -> int | None:
        """The first of these that is a whole number."""
        found = (self.values.get(name, "") for name in names)
        return next((int(text) for text in found if text.strip().lstrip("-").isdecimal()), None)

    def members(self, *names: str) -> set[str] | None:
        """The first of these that is there, as a list; None when none was told."""
        text = next((self.values[name] for name in names if self.values.get(name)), None)
        return None if text is None else {part.strip() for part in text.split(",") if part.strip()}

    def flag(self, *names: str) -> bool | None:
        """True, False, or None when it was never told."""
        text = next((self.values[name] for name in names if name in self.values), None)
        return None if text is None else text.strip().casefold() == "true"


@frozen
class Held:
    """An installed profile, as `data` of its object has it (objects.py)."""

    id: int
    evse: int
    purpose: str
    stack_level: int
    transaction_id: str | None
    valid_from: datetime
    valid_to: datetime

    @staticmethod
    def of(data: Mapping[str, Any]) -> "Held":
        return Held(
            int(data["id"]), int(data["evse"]), str(data["purpose"]), int(data["stack_level"]),
            data.get("transaction_id"), _at(data.get("valid_from"), _EARLIEST), _at(data.get("valid_to"), _LATEST),
        )  # fmt: skip


def _at(value: Any, otherwise: datetime) -> datetime:
    return otherwise if value is None else datetime.fromisoformat(str(value))


def in_place(held: Iterable[Held], evse: int, profile: Profile, transaction_id: str | None) -> int | None:
    """The id of the profile that this one takes the place of."""
    return next((each.id for each in held if _same_place(each, evse, profile, transaction_id)), None)


def _same_place(each: Held, evse: int, profile: Profile, transaction_id: str | None) -> bool:
    alike = each.purpose == profile.purpose and each.stack_level == profile.stack_level and each.evse == evse
    return alike and (profile.purpose != "TxProfile" or each.transaction_id == transaction_id)


def misfits(
    version: Version, evse: int, profile: Profile, transaction_id: str | None, held: Sequence[Held], told: Told,
    needs: Mapping[str, Any] | None, habits: Mapping[str, Any],
) -> list[Wrong]:  # fmt: skip
    """All for which this station would refuse it, or must not be sent it.

    `needs`: what its vehicle asked for. `habits`: settings of the station and its model (quirks 22 and 30).
    """
    return [
        *_habits(profile, habits),
        *_conflicts(version, evse, profile, transaction_id, held),
        *_beyond(evse, profile, held, told),
        *_unsupported(profile, told),
        *_vehicle(profile, needs),
    ]


def _conflicts(
    version: Version, evse: int, profile: Profile, transaction_id: str | None, held: Iterable[Held]
) -> Iterator[Wrong]:
    """K01.FR.06, K01.FR.39, K01.FR.52, K01.FR.53. A station of 1.6 replaces instead (1.6, 5.16.2)."""
    if version is Version.V16:
        return
    begins = _EARLIEST if profile.valid_from is UNSET else profile.valid_from
    ends = _LATEST if profile.valid_to is UNSET else profile.valid_to
    for each in held:
        if each.id == profile.id or each.purpose != profile.purpose or each.stack_level != profile.stack_level:
            continue
        if profile.purpose == "TxProfile":
            if each.transaction_id == transaction_id:
                yield "/profile/stack_level", f"profile {each.id} has this level in the transaction (K01.FR.39)"
        elif each.evse == evse and each.valid_from < ends and begins < each.valid_to:
            yield "/profile/stack_level", f"profile {each.id} has this purpose, level and time there (K01.FR.06)"
        elif profile.purpose == "TxDefaultProfile" and 0 in (each.evse, evse) and each.evse != evse:
            yield "/profile/stack_level", f"profile {each.id} has this level on EVSE {each.evse} (K01.FR.52, 53)"


def _beyond(evse: int, profile: Profile, held: Sequence[Held], told: Told) -> Iterator[Wrong]:
    level = told.number("profilestacklevel", "chargeprofilemaxstacklevel")
    if level is not None and profile.stack_level > level:
        yield "/profile/stack_level", f"the station takes levels up to {level}"
    entries = told.number("maxchargingprofilesinstalled")
    if entries is not None and len(held) >= entries and all(each.id != profile.id for each in held):
        yield "/profile", f"the station holds {len(held)} profiles and takes {entries}: clear one first"
    reserved = told.number("maxexternalconstraintsid")
    if reserved is not None and profile.id is not UNSET and profile.id <= reserved:
        yield "/profile/id", f"ids up to {reserved} are the station's own (K01.FR.80)"
    most = told.number("periodsperschedule", "chargingschedulemaxperiods")
    units = told.members("rateunit", "chargingscheduleallowedchargingrateunit")
    known = None if units is None else {_UNITS.get(unit.casefold(), unit) for unit in units}
    for index, schedule in enumerate(profile.schedules):
        at = f"/profile/schedules/{index}"
        if most is not None and len(schedule.periods) > most:
            yield f"{at}/periods", f"the station takes {most} periods a schedule"
        if known is not None and schedule.unit not in known:
            yield f"{at}/unit", f"the station takes {' and '.join(sorted(known))} (K01.FR.26)"
        yield from _phases(schedule.periods, told, at)


def _phases(periods: Iterable[Period], told: Told, at: str) -> Iterator[Wrong]:
    listed = list(periods)
    if any(period.phase_to_use is not UNSET for period in listed) and not told.flag("acphaseswitchingsupported"):
        yield f"{at}/periods", "the station has not told that it switches phases (K01.FR.20): leave `phase_to_use` out"
    wanted = {period.phases for period in listed if period.phases is not UNSET}
    if len(wanted) > 1 and told.flag("phases3to1", "connectorswitch3to1phasesupported") is False:
        yield f"{at}/periods", "the station cannot change the number of phases while it charges (Phases3to1)"


def _habits(profile: Profile, habits: Mapping[str, Any]) -> Iterator[Wrong]:
    """What a model cannot do although it says nothing of it."""
    if habits.get("stack_level_zero_only") and profile.stack_level:
        yield "/profile/stack_level", "this model takes stack level 0 only (setting stack_level_zero_only)"
    if habits.get("only_relative_profiles") and profile.kind != "Relative":
        yield "/profile/kind", "this model takes Relative profiles only (setting only_relative_profiles)"
    unit, never_zero = habits.get("unit"), habits.get("never_zero_limit")
    for index, schedule in enumerate(profile.schedules):
        if unit and schedule.unit != unit:
            yield f"/profile/schedules/{index}/unit", f"this model takes {unit} only (setting unit)"
        for number, period in enumerate(schedule.periods):
            if never_zero and period.limit == 0:
                at = f"/profile/schedules/{index}/periods/{number}/limit"
                yield at, "this model ends its transactions on a limit of 0 (setting never_zero_limit)"


def _unsupported(profile: Profile, told: Told) -> Iterator[Wrong]:
    purposes = told.members("supportedadditionalpurposes")
    added = profile.purpose in ("PriorityCharging", "LocalGeneration")
    if added and purposes is not None and profile.purpose not in purposes:
        yield "/profile/purpose", f"the station does not support {profile.purpose} (K01.FR.120)"
    if profile.kind == "Dynamic" and told.flag("supportsdynamicprofiles") is False:
        yield "/profile/kind", "the station does not support Dynamic profiles (K01.FR.121)"
    if profile.max_offline_s is not UNSET and told.flag("supportsmaxofflineduration") is False:
        yield "/profile/max_offline_s", "the station does not support it (K01.FR.104)"
    modes = told.members("supportedoperationmodes")
    for index, schedule in enumerate(profile.schedules):
        for name, variable, why in _SCHEDULE_NEEDS:
            if getattr(schedule, name) is not UNSET and told.flag(variable) is False:
                yield f"/profile/schedules/{index}/{name}", f"the station does not support it ({why})"
        for number, period in enumerate(schedule.periods):
            at = f"/profile/schedules/{index}/periods/{number}"
            if period.mode not in (UNSET, "ChargingOnly") and modes is not None and period.mode not in modes:
                yield f"{at}/mode", f"the station supports {', '.join(sorted(modes))} (K01.FR.115)"
            if period.sleep is True and told.flag("supportsevsesleep") is False:
                yield f"{at}/sleep", "the station does not support it (Q10.FR.05)"


def _vehicle(profile: Profile, needs: Mapping[str, Any] | None) -> Iterator[Wrong]:
    """K01.FR.34, K15.FR.07, K01.FR.142, V2X.08, Q02.FR.01: what only a vehicle that asked for it is sent."""
    if profile.purpose != "TxProfile":
        return
    if len(profile.schedules) > 1 and needs is None:
        yield "/profile/schedules", "several need a vehicle that has told its charging needs (K01.FR.34)"
    most = None if needs is None else needs.get("most_periods")
    asked_for = (needs or {}).get("needs") or {}
    parameters = asked_for.get("v2xChargingParameters") or {}
    one_way = needs is not None and "BPT" not in str(asked_for.get("requestedEnergyTransfer", "BPT"))
    for index, schedule in enumerate(profile.schedules):
        at = f"/profile/schedules/{index}"
        if most is not None and len(schedule.periods) > most:
            yield f"{at}/periods", f"the vehicle takes {most} periods (K15.FR.07)"
        for number, period in enumerate(schedule.periods):
            if one_way and period.mode not in (UNSET, "ChargingOnly"):
                yield f"{at}/periods/{number}/mode", "the vehicle asked to be charged only (Q02.FR.01)"
            for name, asked in _apart(period):
                if asked not in parameters:
                    yield f"{at}/periods/{number}/{name}", "the vehicle told nothing of this phase (K01.FR.142, V2X.08)"


def _apart(period: Period) -> Iterator[tuple[str, str]]:
    """Fields of single phases, and the vehicle's parameter that must be there for each."""
    for phase in ("2", "3"):
        for base, parameter in (
            ("limit", "maxChargePower"), ("discharge_limit", "maxDischargePower"), ("setpoint", "maxDischargePower"),
            ("setpoint_reactive", "maxDischargePower"),
        ):  # fmt: skip
            if getattr(period, f"{base}_l{phase}") is not UNSET:
                yield f"{base}_l{phase}", f"{parameter}_L{phase}"
