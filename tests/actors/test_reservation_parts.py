"""Reservations: what fits beside what, how it is asked for, and what answers and updates of stations mean."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from actors.records import EventRecord, ReservationRecord
from actors.reservation.learned import LEARN
from actors.reservation.messages import Wanted, cancel, reserve_now, too_much
from actors.reservation.overlap import Wish, in_the_way
from actors.station.exchange import Exchange
from protocol.ocpp import catalogue
from protocol.ocpp.version import Version
from tests.support.memory_world import NOON, MemoryWorld

HOUR = timedelta(hours=1)


def wish(key: str, starts: int, ends: int, *evses: int) -> Wish[str]:
    return Wish(key, NOON + starts * HOUR, NOON + ends * HOUR, frozenset(evses))


@pytest.mark.parametrize(("wanted", "others", "evses", "rivals"), [
    (wish("w", 0, 2, 1), [wish("a", 1, 3, 1)], (1, 2), ["a"]),
    (wish("w", 0, 2, 1), [wish("a", 2, 3, 1)], (1, 2), []),          # one ends as the other begins
    (wish("w", 0, 2, 2), [wish("a", 0, 2, 1)], (1, 2), []),
    (wish("w", 0, 2), [wish("a", 0, 2, 1)], (1, 2), []),             # any: there is another
    (wish("w", 0, 2), [wish("a", 0, 2, 1), wish("b", 1, 2)], (1, 2), ["a", "b"]),
    (wish("w", 0, 4), [wish("a", 0, 1, 1), wish("b", 1, 2, 1)], (1, 2), []),  # one after the other
    (wish("w", 0, 2, 1), [wish("a", 0, 2)], (1, 2), []),             # that one moves to 2
    (wish("w", 0, 2, 1), [wish("a", 0, 2)], (1,), ["a"]),
    (wish("w", 0, 2, 1, 2), [wish("a", 0, 2, 1, 2), wish("b", 0, 2, 2, 3)], (1, 2, 3), []),
    (wish("w", 0, 2, 1, 2), [wish("a", 0, 2, 1), wish("b", 0, 2, 2)], (1, 2, 3), ["a", "b"]),
    (wish("w", 0, 2), [wish("a", 1, 3)], (), ["a"]),                 # nothing known of the station: one place
])  # fmt: skip
def test_they_fit_when_each_can_have_an_evse(wanted: Any, others: Any, evses: Any, rivals: list[str]) -> None:
    assert in_the_way(wanted, others, evses) == rivals


@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize("evse", [None, 1])
def test_the_messages_are_valid(version: Version, evse: int | None) -> None:
    """H01: by EVSE, by type, by the station as a whole, for a group; 1.6 says the last as connector 0."""
    kind = None if evse or version is Version.V16 else "cType2"
    wanted = Wanted(17, evse, kind, "CAFE", "ISO14443", "G", NOON)
    action, payload = reserve_now(version, wanted)
    assert catalogue.check(catalogue.actions(version)[action], payload) == []
    assert catalogue.check(catalogue.actions(version)["CancelReservation"], cancel(17)[1]) == []
    assert too_much(version, wanted) == []
    assert payload.get("connectorId", evse) == (evse or (0 if version is Version.V16 else None))
    long = Wanted(17, None, "cType2", "C" * 256, "ISO14443", None, NOON)
    wrong = ["/token", "/connector_type"] if version is Version.V16 else ["/token"]
    assert {path for path, _ in too_much(version, long)} == set(wrong)


def learn(action: str, request: Any, answer: dict[str, Any], version: Version = Version.V201) -> list[Any]:
    world = MemoryWorld(version)
    exchange = Exchange(world.station, action, None, request, answer, NOON, lambda: UUID(int=1))
    return list(LEARN[action](exchange))


@pytest.mark.parametrize("word", ["Faulted", "Occupied", "Rejected", "Unavailable"])
def test_every_refusal_is_told_in_words(word: str) -> None:
    record, event = learn("ReserveNow", {"id": 17}, {"status": word})
    assert (record.number, record.status, record.answer) == (17, "refused", word)
    assert record.detail
    assert event.type == "voltyard.reservation.refused.v1"
    told = learn("ReserveNow", {"id": 17}, {"status": word, "statusInfo": {"reasonCode": "X", "additionalInfo": "y"}})
    assert told[0].detail == "X: y"


def test_accepted_and_taken_back() -> None:
    """H02: Rejected means that the station holds no such reservation, which is what was wanted."""
    assert learn("ReserveNow", {"reservationId": 3}, {"status": "Accepted"}, Version.V16)[0].status == "accepted"
    for word in ("Accepted", "Rejected"):
        record, event = learn("CancelReservation", {"reservationId": 3}, {"status": word})
        assert (record.status, event.type) == ("cancelled", "voltyard.reservation.cancelled.v1")
    assert learn("ReserveNow", "sent unchecked", {"status": "Accepted"}) == []


@pytest.mark.parametrize(("word", "status", "event"), [
    ("Expired", "expired", "expired"), ("Removed", "removed", "cancelled"), ("NoTransaction", "removed", "cancelled"),
])  # fmt: skip
def test_what_a_station_lets_go_of_is_over(word: str, status: str, event: str) -> None:
    """H04; 2.1 adds NoTransaction."""
    world = MemoryWorld(Version.V21)
    assert world.tell("ReservationStatusUpdate", {"reservationId": 17, "reservationUpdateStatus": word}) == {}
    (record,) = world.of(ReservationRecord)
    assert (record.number, record.status) == (17, status)
    assert f"voltyard.reservation.{event}.v1" in [e.type for e in world.of(EventRecord)]
