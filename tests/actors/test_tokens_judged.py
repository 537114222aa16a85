"""What is answered to a presented token: types, groups, expiry, places, windows, concurrency, rules, master pass."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import attrs
import pytest

from actors.ports import Held, OpenUse, Weighed
from actors.records import EventRecord, JobRecord, ReservationRecord, TokenRecord
from protocol.ocpp.version import Version
from tests.support.memory_world import NOON, STATION, MemoryWorld, at, token

V2 = [Version.V201, Version.V21]
ELSEWHERE = UUID(int=7)


def world(version: Version = Version.V201, fact: Any = None, **weighed: Any) -> MemoryWorld:
    made = MemoryWorld(version, tokens=[fact] if fact is not None else [])
    made.weighed = attrs.evolve(Weighed(), **weighed)
    return made


def authorize(world: MemoryWorld, uid: str = "CAFE", kind: str = "ISO14443") -> dict[str, Any]:
    if world.station.version is Version.V16:
        reply = world.tell("Authorize", {"idTag": uid})
        assert isinstance(reply, dict)
        info: dict[str, Any] = reply["idTagInfo"]
    else:
        reply = world.tell("Authorize", {"idToken": {"idToken": uid, "type": kind}})
        assert isinstance(reply, dict)
        info = reply["idTokenInfo"]
    return info


def start(world: MemoryWorld, uid: str = "CAFE", evse: int = 1, kind: str = "ISO14443", **more: Any) -> dict[str, Any]:
    if world.station.version is Version.V16:
        payload = {"connectorId": evse, "idTag": uid, "meterStart": 0, "timestamp": at(1)} | more
        reply = world.tell("StartTransaction", payload)
        assert isinstance(reply, dict)
        told: dict[str, Any] = reply["idTagInfo"]
        return told
    reply = world.tell("TransactionEvent", {
        "eventType": "Started", "timestamp": at(1), "triggerReason": "Authorized", "seqNo": 0,
        "transactionInfo": {"transactionId": "t1"}, "evse": {"id": evse, "connectorId": 1},
        "idToken": {"idToken": uid, "type": kind},
    } | more)  # fmt: skip
    assert isinstance(reply, dict)
    info: dict[str, Any] = reply["idTokenInfo"]
    return info


def told(world: MemoryWorld) -> list[str]:
    return [r.type.split(".", 1)[1] for r in world.last if isinstance(r, EventRecord)]


@pytest.mark.parametrize("version", V2)
def test_a_known_token_brings_its_group_languages_message_and_priority(version: Version) -> None:
    """C01.FR.06, C09.FR.09: the group is told; its type is Central (C09.FR.13 of the errata)."""
    fact = token(
        "CAFE", group_uid="FLEET", language1="de", language2="en", priority=3,
        message={"format": "UTF8", "content": "Hallo", "language": "de"},
    )  # fmt: skip
    assert authorize(world(version, fact)) == {
        "status": "Accepted", "groupIdToken": {"idToken": "FLEET", "type": "Central"}, "language1": "de",
        "language2": "en", "chargingPriority": 3,
        "personalMessage": {"format": "UTF8", "content": "Hallo", "language": "de"},
    }  # fmt: skip


@pytest.mark.parametrize("version", V2)
def test_the_group_is_told_with_a_transaction_too(version: Version) -> None:
    """C09.FR.12, C12.FR.03, F01.FR.03: what the station authorised by itself is checked again."""
    assert start(world(version, token("CAFE", group_uid="G")))["groupIdToken"] == {"idToken": "G", "type": "Central"}
    blocked = world(version, token("CAFE", status="blocked"))
    assert start(blocked)["status"] == "Blocked"
    assert blocked.row().flags == ["token_refused"]


def test_16_has_a_parent_and_an_expiry() -> None:
    ends = NOON + timedelta(days=1)
    fact = token("CAFE", group_uid="FLEET", expires_at=ends)
    info = authorize(world(Version.V16, fact))
    assert info == {"status": "Accepted", "parentIdTag": "FLEET", "expiryDate": at(86_400)}


@pytest.mark.parametrize("version", V2)
def test_places_narrow_to_evses_or_refuse(version: Version) -> None:
    """C01.FR.19, C01.FR.20, C01.FR.22."""
    here, there = {"station": "cp1", "evses": [2, 3]}, {"station": "CP9"}
    assert "evseId" not in authorize(world(version, token("CAFE", places=[{"station": "CP1"}])))
    assert authorize(world(version, token("CAFE", places=[here, there])))["evseId"] == [2, 3]
    refused = world(version, token("CAFE", places=[there]))
    assert authorize(refused) == {"status": "NotAtThisLocation"}
    assert told(refused) == ["token.refused.v1"]
    assert start(world(version, token("CAFE", places=[here])), evse=1)["status"] == "NotAtThisLocation"
    assert start(world(version, token("CAFE", places=[here])), evse=2)["status"] == "Accepted"
    assert authorize(world(version, token("CAFE", places=[{"site": "Depot"}]), site="Depot"))["status"] == "Accepted"
    assert authorize(world(version, token("CAFE", places=[{"site": "Depot"}])))["status"] == "NotAtThisLocation"


def test_connector_types_the_token_may_not_use() -> None:
    """C01.FR.18; what the station never told forbids nothing."""
    fact = token("CAFE", connector_types=["cType2"])
    types = {1: ["cCCS2"], 2: ["cType2"]}
    assert authorize(world(fact=fact, connector_types={1: ["cCCS2"]})) == {"status": "NotAllowedTypeEVSE"}
    assert authorize(world(fact=fact, connector_types=types)) == {"status": "Accepted", "evseId": [2]}
    assert authorize(world(fact=fact)) == {"status": "Accepted"}
    both = token("CAFE", connector_types=["cType2"], places=[{"station": "CP1", "evses": [1]}])
    assert authorize(world(fact=both, connector_types=types)) == {"status": "NotAllowedTypeEVSE"}


def test_windows_are_what_the_wall_says() -> None:
    """NotAtThisTime outside; inside, stations may remember it to the window's end."""
    night = [{"days": ["sun"], "from": "22:00", "to": "13:00"}]  # NOON is a Monday, 14:00 in Berlin
    fact = token("CAFE", windows=night, time_zone="Europe/Berlin")
    assert authorize(world(fact=fact))["status"] == "NotAtThisTime"
    day = token("CAFE", windows=[{"days": ["mon"], "from": "08:00", "to": "15:00"}], time_zone="Europe/Berlin")
    assert authorize(world(fact=day)) == {"status": "Accepted", "cacheExpiryDateTime": at(3600)}
    assert authorize(world(Version.V16, fact))["status"] == "Blocked"


@pytest.mark.parametrize("version", list(Version))
def test_a_token_in_use_elsewhere_starts_nothing_but_its_authorize_is_answered(version: Version) -> None:
    """ConcurrentTx belongs to the start alone; the session itself, and what it replaces, do not count."""
    use = OpenUse(UUID(int=1), ELSEWHERE, 1, "x")
    busy = world(version, token("CAFE", concurrent=1), uses=[use])
    assert authorize(busy)["status"] == "Accepted"
    assert start(busy)["status"] == "ConcurrentTx"
    assert "token_refused" in busy.row().flags
    assert start(world(version, token("CAFE", concurrent=2), uses=[use]))["status"] == "Accepted"
    assert start(world(version, token("CAFE"), uses=[use]))["status"] == "Accepted"
    same = OpenUse(UUID(int=1), STATION, 1, "t1")
    assert start(world(version, token("CAFE", concurrent=1), uses=[same]))["status"] == "Accepted"


@pytest.mark.parametrize("version", list(Version))
def test_the_master_pass_is_known_and_starts_nothing(version: Version) -> None:
    """C16: its group may end any transaction."""
    fact = token("MASTER", master=True, group_uid="MASTERS")
    assert authorize(world(version, fact), "MASTER")["status"] == "Accepted"
    assert start(world(version, fact), "MASTER")["status"] == "Invalid"


@pytest.mark.parametrize(("unknown", "version", "status"), [
    ("reject", Version.V16, "Invalid"), ("reject", Version.V21, "Unknown"), ("accept", Version.V16, "Accepted"),
    ("accept", Version.V21, "Accepted"), ("create", Version.V16, "Accepted"), ("create", Version.V201, "Accepted"),
])  # fmt: skip
def test_unknown_tokens_as_the_rules_say(unknown: str, version: Version, status: str) -> None:
    asked = world(version, unknown=unknown)
    assert authorize(asked, "NEW")["status"] == status
    made = list(asked.of(TokenRecord))
    kept = [("NEW", "ISO14443", "accepted")] if unknown == "create" else []
    assert [(r.uid, r.type, r.status) for r in made] == kept
    assert [job.kind for job in asked.of(JobRecord)] == (["refresh-local-lists"] if made else [])
    assert told(asked) == {"reject": ["token.refused.v1"], "accept": [], "create": ["token.created.v1"]}[unknown]


def test_types_that_nobody_asks_for() -> None:
    """C02.FR.02 NoAuthorization is accepted; a payment terminal vouches for DirectPayment (2.1, C18)."""
    assert start(world(), "", kind="NoAuthorization")["status"] == "Accepted"
    assert start(world(Version.V21), "psp-1", kind="DirectPayment")["status"] == "Accepted"
    assert authorize(world(), "job-1", "Central")["status"] == "Accepted"
    assert authorize(world(), "button", "Local")["status"] == "Unknown"


def test_a_key_code_that_is_not_valid_is_invalid_and_never_told() -> None:
    """C04.FR.01, C04.FR.02, C04.FR.04; the rules for unknown tokens let no key code in."""
    asked = world(unknown="create")
    assert authorize(asked, "1234", "KeyCode")["status"] == "Invalid"
    assert not any(b"1234" in r.data for r in asked.of(EventRecord))
    assert authorize(world(fact=token("1234", type="KeyCode")), "1234", "KeyCode")["status"] == "Accepted"


@pytest.mark.parametrize(("fact", "version", "info"), [
    (token("CAFE", prepaid=True), Version.V21, {"status": "Accepted", "cacheExpiryDateTime": at(1)}),
    (token("CAFE", prepaid=True, status="no_credit"), Version.V21,
     {"status": "NoCredit", "cacheExpiryDateTime": at(1)}),
    (token("CAFE", prepaid=True, status="no_credit"), Version.V16, {"status": "Blocked", "expiryDate": at(1)}),
    (token("CAFE", cache_seconds=60), Version.V201, {"status": "Accepted", "cacheExpiryDateTime": at(61)}),
    (token("CAFE", cache_seconds=60, expires_at=NOON + timedelta(seconds=30)), Version.V201,
     {"status": "Accepted", "cacheExpiryDateTime": at(30)}),
    (token("CAFE", expires_at=NOON), Version.V201, {"status": "Expired", "cacheExpiryDateTime": at(0)}),
])  # fmt: skip
def test_how_long_a_station_may_remember(fact: Any, version: Version, info: dict[str, Any]) -> None:
    """C17.FR.01 and C17.FR.02 of 2.1: what is prepaid, not at all."""
    assert authorize(world(version, fact)) == info


@pytest.mark.parametrize("version", V2)
def test_while_a_refused_transaction_runs_the_next_token_waits(version: Version) -> None:
    """C01.FR.24, at a station with one EVSE, where no doubt is which transaction it would join."""
    busy = MemoryWorld(version, tokens=[token("BAD", status="blocked"), token("CAFE")])
    status = {"timestamp": at(0), "connectorStatus": "Occupied", "evseId": 1, "connectorId": 1}
    busy.tell("StatusNotification", status)
    assert start(busy, "BAD")["status"] == "Blocked"
    assert authorize(busy)["status"] == "NotAtThisTime"
    busy.tell("StatusNotification", status | {"evseId": 2})
    assert authorize(busy)["status"] == "Accepted"


HELD = Held(17, 1, "OWNER", "FLEET", NOON - timedelta(minutes=5), NOON + timedelta(minutes=5))


@pytest.mark.parametrize("version", list(Version))
def test_a_start_on_what_is_reserved_for_somebody_else_is_refused_and_flagged(version: Version) -> None:
    """H03: only the token it is for, or its group. The token as such is well, and is not told to be unknown."""
    other = world(version, token("CAFE"), held=[HELD])
    told = start(other)
    assert told["status"] == ("Blocked" if version is Version.V16 else "NotAtThisTime")
    assert told["expiryDate" if version is Version.V16 else "cacheExpiryDateTime"] == at(300)
    assert set(other.row().flags) == {"token_refused", "reserved_for_others"}
    assert list(other.of(ReservationRecord)) == []
    assert start(world(version, token("CAFE"), held=[HELD]), evse=2)["status"] == "Accepted"
    if version is Version.V16:  # a connector 0, which no transaction has, is nobody's
        assert start(world(version, token("CAFE"), held=[HELD]), evse=0)["status"] == "Accepted"
    late = attrs.evolve(HELD, expires_at=NOON)
    assert start(world(version, token("CAFE"), held=[late]))["status"] == "Accepted"


@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize("fact", [token("OWNER"), token("CAFE", group_uid="FLEET")])
def test_who_it_is_for_uses_it_told_or_not(version: Version, fact: Any) -> None:
    """H03.FR.09: used by its token or its group, with or without the reservation's number."""
    for number in (None, 17, 0):  # 0: a station that always writes the field
        more: dict[str, Any] = {} if number is None else {"reservationId": number}
        mine = world(version, fact, held=[HELD])
        assert start(mine, fact.uid, **more)["status"] == "Accepted"
        (record,) = mine.of(ReservationRecord)
        assert (record.number, record.status, record.session_id) == (17, "used", mine.row().id)
        assert "reservation.used.v1" in told(mine)
        start(mine, fact.uid, **more)  # sent again: used once
        assert len(list(mine.of(ReservationRecord))) == 1


def test_a_token_is_the_same_with_and_without_more_about_it() -> None:
    """C01.FR.25."""
    asked = world(fact=token("CAFE"))
    more = [{"additionalIdToken": "DE-8AA-1", "type": "emaid"}]
    reply = asked.tell("Authorize", {"idToken": {"idToken": "cafe", "type": "ISO14443", "additionalInfo": more}})
    assert isinstance(reply, dict)
    assert reply["idTokenInfo"]["status"] == "Accepted"


@pytest.mark.parametrize("version", V2)
def test_what_a_station_authorized_by_itself_is_judged_again_at_the_begin(version: Version) -> None:
    """E01.FR.11, E01.FR.12, E02.FR.02, E02.FR.04, E03.FR.02, E05.FR.01: with the status and the group there is."""
    fleet = world(version, token("CAFE", group_uid="FLEET"))
    assert start(fleet) == {"status": "Accepted", "groupIdToken": {"idToken": "FLEET", "type": "Central"}}
    assert start(world(version, token("CAFE", status="blocked")))["status"] == "Blocked"
    assert start(world(version))["status"] == "Unknown"


@pytest.mark.parametrize("version", V2)
def test_a_key_code_that_is_known_is_accepted(version: Version) -> None:
    """C04.FR.02, where the driver may charge at that station; else not."""
    code = token("1234", type="KeyCode")
    assert authorize(world(version, code), "1234", "KeyCode")["status"] == "Accepted"
    elsewhere = token("1234", type="KeyCode", places=[{"station": "OTHER"}])
    assert authorize(world(version, elsewhere), "1234", "KeyCode")["status"] == "NotAtThisLocation"
    begun = world(version, code)
    assert start(begun, "1234", kind="KeyCode")["status"] == "Accepted"
    assert (begun.row().token, begun.row().token_type) == ("***", "KeyCode"), "a code stays unsaid (C04.FR.04)"
    assert not any("1234" in str(record) for record in begun.of(EventRecord))
