"""What was found out about a station survives a restart, and nothing that was sent unchecked upsets it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from actors.ports import StationImage
from actors.records import CommandRecord, ReadingRecord
from actors.station.state import from_image, to_row
from actors.verify import power, questions
from actors.verify.known import NOTHING_KNOWN, Asked, Known, Watched
from tests.support.memory_world import NOON, config


def row(action: str, request: Any, answer: Any = None) -> CommandRecord:
    said = {"status": "Accepted"} if answer is None else answer
    return CommandRecord(
        UUID(int=1), action, None, "answered", "m", "1.6", request, said, None, None, None, None, NOON, NOON, NOON
    )


def reading(seconds: int, watts: float | None, evse: int = 1) -> ReadingRecord:
    at = NOON + timedelta(seconds=seconds)
    return ReadingRecord(at, None, evse, 1, at, None, None, None, None, watts, None, "[]")


def profile(limit: Any = 16, **changes: Any) -> dict[str, Any]:
    schedule = {"chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}]}
    made = {"chargingProfilePurpose": "TxDefaultProfile", "chargingProfileKind": "Relative"}
    return {"connectorId": 1, "csChargingProfiles": {**made, "chargingSchedule": schedule, **changes}}


def test_it_is_kept_with_the_station_and_read_again() -> None:
    watched = (Watched(1, "TxProfile", 4140.0, NOON, None, "c", over=1),)
    known = Known({"ClearCache": "unsupported"}, {"GetLog": 2}, watched, Asked("GetLog", NOON), {"1": 4140.0})
    fresh = from_image(StationImage(config(), None, (), ()), 300, NOON)
    kept = msgspec.json.decode(msgspec.json.encode(to_row(replace(fresh, known=known))), type=dict)
    stored = msgspec.structs.replace(to_row(fresh), local=kept["local"])
    again = from_image(StationImage(config(), stored, (), ()), 300, NOON)
    assert again.known == replace(known, asked=None)
    spoilt = msgspec.structs.replace(stored, local={"known": {"fatal": "much"}})
    assert from_image(StationImage(config(), spoilt, (), ()), 300, NOON).known == NOTHING_KNOWN
    assert to_row(fresh).local == {}


@pytest.mark.parametrize(
    "request_json",
    [
        None, [], "x", {}, {"csChargingProfiles": 7}, {"csChargingProfiles": {"chargingSchedule": []}},
        profile("much"), profile(chargingSchedule={"chargingRateUnit": "A", "chargingSchedulePeriod": []}),
        profile(validFrom="soon"), {**profile(), "connectorId": None},
    ],
)  # fmt: skip
def test_what_was_sent_unchecked_is_left_alone(request_json: Any) -> None:
    assert power.begun(NOTHING_KNOWN, row("SetChargingProfile", request_json), {}, NOON) == NOTHING_KNOWN
    assert power.cleared(NOTHING_KNOWN, row("ClearChargingProfile", request_json), 1_000_000) is None


def test_a_limit_of_later_is_not_held_against_power_of_now() -> None:
    for request in (
        profile(validFrom="2026-05-04T13:00:00Z"), profile(validTo="2026-05-04T11:00:00Z"),
        profile(chargingProfileKind="Recurring"),
    ):  # fmt: skip
        assert power.begun(NOTHING_KNOWN, row("SetChargingProfile", request), {}, NOON).watched == ()


def test_two_samples_in_a_row_decide_and_each_only_for_its_evse() -> None:
    known = power.begun(NOTHING_KNOWN, row("SetChargingProfile", profile(16)), {}, NOON)  # 11,040 W
    known, decided = power.measured(known, [reading(5, 22_000), reading(20, 22_000, evse=2), reading(21, None)])
    assert (decided, known.watched[0].over) == ([], 0)
    known, decided = power.measured(known, [reading(30, 22_000), reading(40, 11_500), reading(50, 22_000)])
    assert decided == []
    known, decided = power.measured(known, [reading(60, 21_000)])
    assert [(each.over, shown) for each, shown in decided] == [(2, 21_000)]
    assert known.watched == ()


def test_a_profile_of_the_transaction_stands_above_the_default() -> None:
    known = power.begun(NOTHING_KNOWN, row("SetChargingProfile", profile(6)), {}, NOON)
    known = power.begun(known, row("SetChargingProfile", profile(32, chargingProfilePurpose="TxProfile")), {}, NOON)
    assert [each.purpose for each in known.watched] == ["TxProfile"]
    known = power.begun(known, row("SetChargingProfile", profile(6)), {}, NOON)
    assert [each.purpose for each in known.watched] == ["TxProfile"]


def test_once_may_be_chance_and_survival_clears_it() -> None:
    known, _ = questions.asked(NOTHING_KNOWN, "GetLog", NOON)
    known, records = questions.ended(known, NOON + timedelta(seconds=3))
    assert (records, questions.held_back(known, "GetLog")) == ([], False)
    known, _ = questions.asked(known, "GetLog", NOON + timedelta(minutes=1))
    known, records = questions.ended(known, NOON + timedelta(minutes=3))
    assert (records, known.fatal) == ([], {})
