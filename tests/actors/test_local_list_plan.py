"""Local lists as messages: entries of each version, full and differential, split as the station takes them."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from actors.locallist.entries import Entry, entry_of
from actors.locallist.limits import question, told_of
from actors.locallist.plan import Known, Limits, Message, plan
from protocol.ocpp import catalogue
from protocol.ocpp.version import Version
from tests.support.memory_world import NOON, MemoryWorld, token


def entry(version: Version, uid: str = "CAFE", **fields: Any) -> Entry | None:
    return entry_of(token(uid, **fields), uid.casefold(), MemoryWorld(version).station, None, NOON)


def entries(count: int, version: Version = Version.V201) -> list[Entry]:
    made = [entry(version, f"T{number:05}") for number in range(count)]
    return [each for each in made if each is not None]


def held(wanted: list[Entry]) -> dict[str, Known]:
    return {each.uid_key: Known(each.uid, each.type, each.digest) for each in wanted}


FULL = {
    "group_uid": "G", "expires_at": NOON + timedelta(days=1), "priority": 1, "language1": "de", "language2": "en",
    "message": {"format": "UTF8", "content": "Hi"}, "additional": [{"value": "X", "type": "y"}],
    "places": [{"station": "CP1", "evses": [1]}],
}  # fmt: skip


@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize("fields", [{}, FULL, {"status": "blocked"}, {"status": "no_credit"}, {"expires_at": NOON}])
def test_entries_are_valid_for_their_version(version: Version, fields: dict[str, Any]) -> None:
    """D01: what is sent is what an Authorize would have said."""
    made = entry(version, **fields)
    assert made is not None
    for message in (Message(True, 1, (made,), (), (made.said,)), Message(True, 1)):
        assert catalogue.check(catalogue.actions(version)["SendLocalList"], message.payload(version)) == []


def test_what_a_station_cannot_hold_or_must_ask_about_is_left_out() -> None:
    assert entry(Version.V16, "X" * 21) is None
    assert entry(Version.V201, "X" * 37) is None
    assert entry(Version.V21, "X" * 37) is not None
    assert entry(Version.V201, type="VIN") is None
    assert entry(Version.V21, type="VIN") is not None
    assert entry(Version.V201, prepaid=True) is None
    assert entry(Version.V201, windows=[{"days": ["mon"], "from": "08:00", "to": "09:00"}]) is None
    assert entry(Version.V201, places=[{"station": "CP9"}]) is None


def test_a_station_with_another_version_gets_all_of_it_in_parts() -> None:
    """D01.FR.03, D01.FR.11: a Full one first, then Differentials, each with the next version."""
    made = plan(Version.V201, entries(120), {}, ours=None, theirs=7, limits=Limits(50))
    assert made.full
    parts = [(m.full, m.number, len(m.entries)) for m in made.messages]
    assert parts == [(True, 8, 50), (False, 9, 50), (False, 10, 20)]
    empty = plan(Version.V201, [], {}, ours=None, theirs=0, limits=Limits(50))
    assert [(m.full, m.number, m.entries) for m in empty.messages] == [(True, 1, ())]


@pytest.mark.parametrize("version", list(Version))
def test_one_with_ours_gets_what_differs_and_one_that_is_right_nothing(version: Version) -> None:
    before = entries(3, version)
    changed = entry(version, "T00001", status="blocked")
    assert changed is not None
    made = plan(version, [before[0], changed], held(before), ours=4, theirs=4, limits=Limits(50))
    (message,) = made.messages
    assert (made.full, message.number, message.gone, [e.uid for e in message.entries]) == (
        False, 5, ("t00002",), ["T00001"],
    )  # fmt: skip
    payload = message.payload(version)
    assert catalogue.check(catalogue.actions(version)["SendLocalList"], payload) == []
    assert sorted(payload["localAuthorizationList"][0]) in (["idTag"], ["idToken"])
    assert plan(version, before, held(before), ours=4, theirs=4, limits=Limits(50)).messages == ()
    assert plan(version, before, held(before), ours=4, theirs=4, limits=Limits(50), full=True).full
    assert plan(version, before, held(before), ours=4, theirs=3, limits=Limits(50)).messages[0].number == 5


def test_bytes_count_too_and_one_entry_always_goes() -> None:
    wanted = entries(10)
    size = len(msgspec.json.encode(wanted[0].said)) + 1
    made = plan(Version.V201, wanted, {}, ours=None, theirs=0, limits=Limits(50, bytes=200 + 3 * size))
    assert [len(m.entries) for m in made.messages] == [3, 3, 3, 1]
    assert len(plan(Version.V201, wanted, {}, ours=None, theirs=0, limits=Limits(50, bytes=1)).messages) == 10


def test_versions_begin_again_before_they_run_out() -> None:
    made = plan(Version.V16, entries(3), {}, ours=2**31 - 3, theirs=2**31 - 3, limits=Limits(50))
    assert (made.full, made.messages[0].number) == (True, 1)


def test_limits_as_both_families_tell_them() -> None:
    old = [
        {"component": "", "variable": "SendLocalListMaxLength", "value": "20", "detail": {}},
        {"component": "", "variable": "LocalAuthListMaxLength", "value": "1000", "detail": {}},
        {"component": "", "variable": "LocalAuthListEnabled", "value": "False", "detail": {}},
    ]
    told = told_of(old, None)
    assert (told.limits, told.enabled, told.known) == (Limits(20, None, 1000), False, True)
    where = '{"name":"LocalAuthListCtrlr"}'
    new = [
        {"component": where, "variable": '{"name":"ItemsPerMessage"}', "value": "40", "detail": {}},
        {"component": where, "variable": '{"name":"BytesPerMessage"}', "value": "8000", "detail": {}},
        {"component": where, "variable": '{"name":"Entries"}', "value": "3",
         "detail": {"characteristics": {"maxLimit": 500}}},
    ]  # fmt: skip
    assert told_of(new, None).limits == Limits(40, 8000, 500)
    assert told_of(new, 10).limits.items == 10
    assert not told_of([old[0] | {"value": "x"}], None).known
    for version in Version:
        action, payload = question(version)
        assert catalogue.check(catalogue.actions(version)[action], payload) == []
