"""What every Store must do: run against PostgreSQL and against the one in memory, so that the fake stays true."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import attrs
import pytest
import trio
from uuid_utils.compat import uuid7

from actors.ports import DEFAULT_TENANT, StationConfig, Store, TokenFact
from actors.records import CommandRecord, HeldOffRecord, PasswordAcceptedRecord, ProfileProvedRecord, UnmatchedRecord
from protocol.ocpp.version import Version
from storage.bridge import open_bridge
from storage.store import open_store
from tests.support import units
from tests.support.memory_store import MemoryStore
from tests.support.postgres import Database
from tests.support.units import NOON, add_station, add_tenant, run, unit


@attrs.define
class World:
    """A kind of store, and how to put things into it."""

    tenant: Callable[[str], UUID]
    station: Callable[..., UUID]
    token: Callable[..., None]
    delete: Callable[[UUID], None]
    open: Callable[[], AbstractAsyncContextManager[Store]]


def in_memory() -> World:
    store = MemoryStore(deadline=5.0)

    def tenant(slug: str) -> UUID:
        number = uuid7()
        store.add_tenant(slug, number)
        return number

    def station(identity: str, *, tenant: UUID = DEFAULT_TENANT, slug: str = "default", **columns: Any) -> UUID:
        number = uuid7()
        plain: dict[str, Any] = {
            "name": None, "site": None, "admission": "accepted", "security_profile": 0, "highest_profile": 0,
            "password_hash": None, "pending_password_hash": None, "ocpp_version": None, "strict": False,
            "frame_log": "default", "settings": {}, "held_off": None,
        }  # fmt: skip
        given = plain | columns
        if given["ocpp_version"]:
            given["ocpp_version"] = Version(given["ocpp_version"])
        store.put_station(StationConfig(tenant_id=tenant, tenant_slug=slug, id=number, identity=identity, **given))
        return number

    def token(uid: str, tenant: UUID = DEFAULT_TENANT, **changes: Any) -> None:
        fields: dict[str, Any] = {"type": "ISO14443", "status": "accepted", "expires_at": None, "group_uid": None}
        store.put_token(tenant, TokenFact(uid=uid, **(fields | {"master": False} | changes)))

    @asynccontextmanager
    async def opened() -> AsyncIterator[Store]:
        yield store

    return World(tenant, station, token, store.delete_station, opened)


def in_postgres(database: Database) -> World:
    def token(uid: str, tenant: UUID = DEFAULT_TENANT, **changes: Any) -> None:
        values = {"tenant_id": tenant, "id": uuid7(), "uid": uid, "uid_key": uid.casefold()}
        values |= {"created_at": NOON, "updated_at": NOON} | changes
        places = ", ".join(["%s"] * len(values))
        run(database, f"insert into tokens ({', '.join(values)}) values ({places})", *values.values())

    @asynccontextmanager
    async def opened() -> AsyncIterator[Store]:
        async with open_bridge() as bridge, open_store(bridge, database.url(), deadline=5.0) as store:
            yield store

    def station(identity: str, *, tenant: UUID = DEFAULT_TENANT, slug: str = "", **columns: Any) -> UUID:
        return add_station(database, identity, tenant=tenant, **columns)

    return World(
        lambda slug: add_tenant(database, slug),
        station,
        token,
        lambda number: run(database, "update stations set deleted_at = now() where id = %s", number),
        opened,
    )


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.server)])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "memory":
        yield in_memory()
    else:
        yield in_postgres(request.getfixturevalue("database"))


async def test_a_station_is_found_ignoring_case_and_only_in_its_tenant(world: World) -> None:
    other = world.tenant("other")
    mine = world.station("Straße-1", ocpp_version="2.0.1", strict=True, name="At the gate")
    theirs = world.station("STRASSE-2", tenant=other, slug="other")
    async with world.open() as store:
        image = await store.load_station(None, "STRASSE-1")
        assert image is not None
        assert (image.config.id, image.config.identity, image.config.tenant_slug) == (mine, "Straße-1", "default")
        assert (image.config.ocpp_version, image.config.strict) == (Version.V201, True)
        assert (image.config.name, image.config.settings, image.config.held_off) == ("At the gate", {}, None)
        assert (image.state, list(image.connectors), list(image.sessions)) == (None, [], [])
        assert await store.load_station(None, "STRASSE-2") is None
        found = await store.load_station("other", "straße-2")
        assert found is not None
        assert (found.config.id, found.config.tenant_slug) == (theirs, "other")
        assert await store.load_station("other", "Straße-1") is None
        fallen_back = await store.load_station("no-such-tenant", "Straße-1")
        assert fallen_back is not None
        assert fallen_back.config.id == mine


@pytest.mark.parametrize("identity", ["", "a\0b", "\ud800", "x" * 300, "CP'; drop table stations; --"])
async def test_an_identity_nobody_has_is_nobody(world: World, identity: str) -> None:
    async with world.open() as store:
        assert await store.load_station(None, identity) is None


async def test_a_deleted_station_is_gone(world: World) -> None:
    number = world.station("CP1")
    async with world.open() as store:
        assert await store.reload_config(number) is not None
        world.delete(number)
        assert await store.reload_config(number) is None
        assert await store.load_station(None, "CP1") is None


async def test_the_image_has_what_was_recorded(world: World) -> None:
    number, neighbour = world.station("CP1", pending_password_hash="p2"), world.station("CP2")
    now = datetime.now(UTC).replace(microsecond=123000)
    hour = timedelta(hours=1)
    ended = [
        units.session(status="ended", ended_at=now - n * hour, started_at=now - (n + 1) * hour, flags=["a,b", "c"])
        for n in (60, 40, 30, 20, 10, 5, 1)
    ]
    running = units.session(status="active", started_at=now - timedelta(days=5), registers={"a": [1, {"b": None}]})
    async with world.open() as store:
        for session in [*ended, running]:
            assert await store.record(unit(number, session))
        await store.record(unit(number, units.state(next_transaction=3), units.connector(evse=2), units.connector()))
        await store.record(unit(neighbour, units.session(), units.connector(evse=9)))
        await store.record(unit(number, PasswordAcceptedRecord(NOON, "another")))
        still = await store.reload_config(number)
        assert still is not None
        assert (still.password_hash, still.pending_password_hash) == (None, "p2"), "another one is pending"
        accepted = PasswordAcceptedRecord(NOON, "p2")
        await store.record(unit(number, accepted, HeldOffRecord({"n": 1}), ProfileProvedRecord(1)))
        image = await store.load_station(None, "CP1")
        assert image is not None
        assert image.state == units.state(next_transaction=3)
        assert list(image.connectors) == [units.connector(), units.connector(evse=2)]
        assert list(image.sessions) == [*ended[2:], running]
        assert (image.config.password_hash, image.config.pending_password_hash) == ("p2", None)
        assert (image.config.held_off, image.config.highest_profile) == ({"n": 1}, 1)
        await store.record(unit(number, HeldOffRecord(None), ProfileProvedRecord(0), PasswordAcceptedRecord(NOON)))
        config = await store.reload_config(number)
        assert config is not None
        assert (config.held_off, config.highest_profile, config.password_hash) == (None, 1, "p2")


async def test_a_command_without_an_answer_is_found_by_its_message(world: World) -> None:
    number, other = world.station("CP1"), world.station("CP2")

    def command(message: str, status: str) -> CommandRecord:
        return CommandRecord(
            uuid7(), "Reset", "reset", status, message, "1.6", {"type": "Hard"}, None, None, None, "me", "r1", NOON,
            NOON + timedelta(seconds=0.25), None,
        )  # fmt: skip

    waiting = [command(f"m-{status}", status) for status in ("sent", "timeout", "lost")]
    async with world.open() as store:
        await store.record(unit(number, *waiting, command("m-answered", "answered")))
        for each in waiting:
            assert await store.find_unanswered(number, each.message_id or "") == each
            assert await store.find_unanswered(other, each.message_id or "") is None
        for strange in ("m-answered", "m", "m\u0000"):
            assert await store.find_unanswered(number, strange) is None


@pytest.mark.parametrize("status", ["answered", "error", "invalid_answer", "late_answered", "late_error"])
async def test_a_command_that_was_answered_stays_so(world: World, status: str) -> None:
    """It may have been sent twice: the second sending's silence says nothing any more."""
    number = world.station("CP1")

    def command(message: str, status: str, command_id: UUID) -> CommandRecord:
        return CommandRecord(
            command_id, "Reset", "reset", status, message, "1.6", {}, None, None, None, "me", "r1", NOON, NOON, None
        )

    async with world.open() as store:
        for together in (True, False):
            first, other = uuid7(), uuid7()
            steps = [
                command(f"{first}-1", "sent", first), command(f"{first}-1", status, first),
                command(f"{first}-2", "sent", first), command(f"{first}-2", "timeout", first),
                command(f"{other}-1", "timeout", other), command(f"{other}-2", "lost", other),
            ]  # fmt: skip
            for unit_steps in [steps] if together else [[step] for step in steps]:
                await store.record(unit(number, *unit_steps))
            assert await store.find_unanswered(number, f"{first}-2") is None
            assert await store.find_unanswered(number, f"{other}-2") == steps[-1]


async def test_tokens_are_found_ignoring_case_in_their_tenant(world: World) -> None:
    other = world.tenant("other")
    world.token("04aAbB", status="blocked", group_uid="G", expires_at=NOON)
    world.token("THEIRS", tenant=other)
    async with world.open() as store:
        found = await store.find_token(DEFAULT_TENANT, "04AABB", prefix=False)
        assert found == TokenFact("04aAbB", "ISO14443", "blocked", NOON, "G", master=False)
        assert await store.find_token(DEFAULT_TENANT, "THEIRS", prefix=True) is None
        assert await store.find_token(other, "theirs", prefix=False) is not None
        assert await store.find_token(DEFAULT_TENANT, "04AAB", prefix=True) is None
        assert await store.find_token(DEFAULT_TENANT, "\0", prefix=True) is None


async def test_a_contract_is_found_in_all_its_spellings(world: World) -> None:
    world.token("NL-TNM-000122045-U", type="eMAID")
    world.token("FRXYZ123456789", type="eMAID")
    world.token("DE8AA001234567")  # no contract, whatever it looks like
    async with world.open() as store:

        async def named(uid: str) -> str | None:
            found = await store.find_token(DEFAULT_TENANT, uid, prefix=False)
            return found.uid if found else None

        for spelling in ("nltnm000122045u", "NLTNM000122045", "NL-TNM-000122045", "NL*TNM*000122045*U"):
            assert await named(spelling) == "NL-TNM-000122045-U"
        assert await named("NLTNM000122045X") is None  # the check digit is wrong
        assert await named("FR-XYZ-123456789-2") == "FRXYZ123456789"
        assert await named("DE-8AA-001234567") is None


async def test_with_prefix_twenty_characters_name_a_token_if_only_one(world: World) -> None:
    long = "ABCDEFGHIJ0123456789TAIL"
    world.token(long)
    world.token("KLMNOPQRST0123456789")
    world.token("UVWXYZABCD0123456789-1")
    world.token("UVWXYZABCD0123456789-2")

    async with world.open() as store:

        async def named(uid: str, *, prefix: bool = True) -> str | None:
            found = await store.find_token(DEFAULT_TENANT, uid, prefix=prefix)
            return found.uid if found else None

        assert await named("abcdefghij0123456789") == long
        assert await named("abcdefghij0123456789", prefix=False) is None
        assert await named("KLMNOPQRST0123456789garbage") == "KLMNOPQRST0123456789"
        assert await named("UVWXYZABCD0123456789") is None
        assert await named("UVWXYZABCD0123456789-2") == "UVWXYZABCD0123456789-2"


async def test_a_session_is_found_by_business_key_first(world: World) -> None:
    one, two = world.station("CP1"), world.station("CP2")
    older = units.session(business_key="k1", transaction_id="7", started_at=NOON)
    newer = units.session(business_key="k2", transaction_id="7", started_at=NOON + timedelta(hours=1))
    async with world.open() as store:
        await store.record(unit(one, older, newer))
        await store.record(unit(two, units.session(business_key="k3", transaction_id="8")))
        assert await store.find_session(one, business_key="k1", transaction_id="7") == older
        assert await store.find_session(one, business_key="zz", transaction_id="7") == newer
        assert await store.find_session(one, business_key=None, transaction_id="7") == newer
        assert await store.find_session(one, business_key="k3", transaction_id=None) is None
        assert await store.find_session(one, business_key=None, transaction_id="8") is None
        assert await store.find_session(one, business_key=None, transaction_id=None) is None


async def test_the_ledger_gives_what_no_session_has_taken_newest_first(world: World) -> None:
    number = world.station("CP1")
    kept = [
        UnmatchedRecord(uuid7(), str(n), "stop", NOON + timedelta(minutes=n), {"n": n}) for n in range(55)
    ]
    async with world.open() as store:
        await store.record(unit(number, *kept))
        assert list(await store.find_unmatched(number)) == list(reversed(kept))[:50]
        taken = UnmatchedRecord(kept[54].id, "54", "stop", kept[54].received_at, {"n": 54}, session_id=uuid7())
        await store.record(unit(number, taken))
        await store.record(unit(number, kept[54]))
        assert list(await store.find_unmatched(number)) == list(reversed(kept))[1:51]
        assert await store.find_unmatched(uuid7()) == []


async def test_readings_of_a_session_come_in_order_after_a_moment(world: World) -> None:
    number, session = world.station("CP1"), uuid7()
    base = datetime.now(UTC).replace(microsecond=5)
    readings = [
        units.reading(
            session_id=session, received_at=base + timedelta(seconds=n), at=base, soc=20.5, claimed_at=NOON, seq_no=n
        )
        for n in range(5)
    ]
    async with world.open() as store:
        await store.record(unit(number, *readings[2:], units.reading(session_id=uuid7())))
        await store.record(unit(number, *readings[:2]))
        assert list(await store.readings_since(number, session, base)) == readings[1:]
        assert await store.readings_since(uuid7(), session, base) == []


async def test_at_the_start_nobody_is_online(world: World) -> None:
    one, two = world.station("CP1"), world.station("CP2")
    async with world.open() as store:
        await store.record(unit(one, units.state(online=True)))
        await store.record(unit(two, units.state(online=False)))
        assert await store.forget_online() == 1
        image = await store.load_station(None, "CP1")
        assert image is not None
        assert image.state == units.state(online=False)
        assert await store.forget_online() == 0


async def test_many_look_ups_at_once_each_get_their_own(world: World) -> None:
    numbers = {f"CP{n}": world.station(f"CP{n}") for n in range(20)}
    seen: dict[str, UUID | None] = {}
    async with world.open() as store:

        async def one(identity: str) -> None:
            image = await store.load_station(None, identity)
            seen[identity] = image.config.id if image else None

        async with trio.open_nursery() as nursery:
            for identity in [*numbers, "cp7", "stranger"]:
                nursery.start_soon(one, identity)
    assert seen == numbers | {"cp7": numbers["CP7"], "stranger": None}


async def test_a_token_is_weighed_with_its_sessions(world: World) -> None:
    station = world.station("CP1")
    world.token("CAFE", group_uid="G")
    async with world.open() as store:
        weighed = await store.weigh_token(DEFAULT_TENANT, station, "cafe", prefix=False)
        assert weighed.token is not None
        assert (weighed.token.uid, weighed.token.group_uid, weighed.unknown) == ("CAFE", "G", "reject")
        unknown = await store.weigh_token(DEFAULT_TENANT, station, "NOBODY", prefix=True)
        assert (unknown.token, list(unknown.uses), list(unknown.held)) == (None, [], [])
