"""A station is moved up a security profile by the worker: every step, what fails, and that it falls back."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import attrs
import pytest
import uuid_utils.compat as uuids

from actors.ports import DEFAULT_TENANT, StationConfig
from actors.security import upgrade
from actors.security.sufferance import RENEW
from actors.station.face import CommandResult, LiveStation, NeutralCommand, RawCommand
from gateway.setting_types import listed_ocpp
from gateway.worker import security
from protocol.ocpp.version import Version
from storage.jobs import Job, NewJob, enqueue
from storage.security import SecurityBook
from tests.support.api import answered
from tests.support.postgres import Database
from tests.support.worker_rig import WorkerRig, worker_rig
from web.commands.rotation import Rotation, send_password

pytestmark = pytest.mark.server


@attrs.define
class Obliging:
    """A station that answers what `says` has for it by name, else that it accepts."""

    rig: WorkerRig
    says: dict[str, CommandResult]

    @property
    def sent(self) -> list[str]:
        return [_name(command) for _, command, _ in self.rig.stations.sent]

    def __len__(self) -> int:
        return 1

    def __getitem__(self, _: Any) -> CommandResult:
        name = _name(self.rig.stations.sent[-1][1])
        return self.says.get(name, answered({"status": "Accepted"}, outcome="accepted"))


def _name(command: RawCommand | NeutralCommand) -> str:
    return command.name if isinstance(command, NeutralCommand) else command.action


PRIORITY = answered({"getVariableResult": [{"attributeStatus": "Accepted", "attributeValue": "1"}]})


@pytest.fixture
async def rig(database: Database, tmp_path: Path) -> AsyncIterator[WorkerRig]:
    async with worker_rig(database, security.HANDLERS, tmp_path) as made:
        listen = listed_ocpp("ws://h:1,wss://h:2?cert=a&key=b&profiles=2,3")
        made.tools = attrs.evolve(made.tools, settings=attrs.evolve(made.tools.settings, ocpp_listen=listen))
        made.worker._tools = made.tools
        yield made


def obliging(rig: WorkerRig, **says: CommandResult) -> Obliging:
    found = Obliging(rig, {"GetVariables": PRIORITY} | {name.replace("_", "-"): each for name, each in says.items()})
    rig.stations.results = found  # type: ignore[assignment]  # as many results as are asked for
    rig.stations.sent.clear()
    return found


async def station(rig: WorkerRig, identity: str) -> UUID:
    return await rig.station(identity)


def there(rig: WorkerRig, station_id: UUID, version: Version, profile: int, *, since: timedelta = timedelta()) -> None:
    rig.stations.stations[station_id] = LiveStation(
        station_id, True, version, None, rig.clock.now() + since, None, None, (), (), (), 0, None, profile
    )


async def begin(rig: WorkerRig, station_id: UUID, profile: int, **changes: Any) -> UUID:
    state = upgrade.begin(profile, **({"url": "wss://h:2/ocpp", "slot": None, "interface": "Wired0", "root": None,
                                       "reset": "on_idle"} | changes))  # fmt: skip
    job_id, now = uuids.uuid7(), rig.clock.now()
    job = NewJob(DEFAULT_TENANT, job_id, upgrade.KIND, str(station_id), station_id, None, now, now, state)
    await rig.web.run_as_tenant(DEFAULT_TENANT, lambda connection: enqueue(connection, job))
    return job_id


async def rounds(rig: WorkerRig, job_id: UUID, *, most: int = 12, until: str | None = None) -> Job:
    """Works, a little later each time, until the job has ended or waits at that step."""
    for _ in range(most):
        await rig.work()
        job = await rig.job(job_id)
        if job.status != "waiting" or job.state.get("step") == until:
            return job
        rig.move(seconds=15)
    return await rig.job(job_id)


async def profile_of(rig: WorkerRig, station_id: UUID) -> tuple[Any, ...]:
    row = await rig.node.fetchrow(
        "select security_profile, highest_profile, password_hash is not null from stations where id = $1", station_id
    )
    assert row is not None
    return tuple(row.values())


async def moving_to(rig: WorkerRig, station_id: UUID) -> Any:
    return await rig.node.fetchval("select settings -> 'moving_to' from stations where id = $1", station_id)


async def test_up_to_profile_2_with_a_password_first(rig: WorkerRig) -> None:
    """A05, 2.x: password, slot, priority, reset, proof; then no lower profile is taken (A05.FR.07)."""
    made = await station(rig, "CP1")
    there(rig, made, Version.V201, 0)
    model = obliging(rig)
    job_id = await begin(rig, made, 2)
    waiting = await rounds(rig, job_id, until="proof")
    assert waiting.state["done"] == ["check", "password", "slot", "priority", "reset"]
    assert model.sent == ["GetVariables", "rotate-password", "network-profile", "network-priority", "reset"]
    sent = [command.arguments for _, command, _ in rig.stations.sent if isinstance(command, NeutralCommand)]
    assert sent[1].items() >= {"slot": 2, "url": "wss://h:2/ocpp", "security_profile": 2}.items()
    assert sent[2] == {"slots": [2, 1]}
    assert sent[0]["password"] not in str(waiting)
    assert await profile_of(rig, made) == (1, 0, True)
    assert (await moving_to(rig, made))["profile"] == 2  # even if it is strict, the handshake takes that (A00.FR.002)
    assert (await rounds(rig, job_id, most=2)).status == "waiting"  # it has not restarted yet
    there(rig, made, Version.V201, 2)
    done = await rounds(rig, job_id)
    assert (done.status, done.result) == ("done", {"profile": 2})
    assert await profile_of(rig, made) == (2, 2, True)
    assert await moving_to(rig, made) is None
    told = await rig.node.fetchrow("select data from events where type = 'voltyard.security.profile_changed.v1'")
    assert told is not None
    assert (told["data"]["reached"], told["data"]["profile"]) == (True, 2)


async def test_it_falls_back_and_so_do_we(rig: WorkerRig) -> None:
    """The station came back on its old slot: the order of slots is as it was, and the job says why."""
    made = await station(rig, "CP1")
    there(rig, made, Version.V201, 1)
    await rig.node.execute("update stations set password_hash = 'x', security_profile = 1 where id = $1", made)
    model = obliging(rig)
    job_id = await begin(rig, made, 2, slot=7)
    await rounds(rig, job_id, until="proof")
    rig.move(minutes=1)
    there(rig, made, Version.V201, 1)
    rig.move(minutes=10)
    failed = await rounds(rig, job_id)
    assert failed.status == "failed"
    assert "came back on profile 1" in (failed.error or "")
    last = rig.stations.sent[-1][1]
    assert last == NeutralCommand("network-priority", {"slots": [1]})
    assert "rotate-password" not in model.sent
    assert await profile_of(rig, made) == (1, 0, True)
    assert await moving_to(rig, made) is None


async def test_1_6_changes_a_key_and_comes_back(rig: WorkerRig) -> None:
    """1.6 A05.FR.05–09: with a root that was sent first; no answer is no refusal, it may be reconnecting."""
    made = await station(rig, "CP1")
    await rig.node.execute("update stations set password_hash = 'x', security_profile = 1 where id = $1", made)
    there(rig, made, Version.V16, 1)
    silent = CommandResult(uuids.uuid7(), "station_silent", "ChangeConfiguration")
    model = obliging(rig, ChangeConfiguration=silent)
    job_id = await begin(rig, made, 2, url=None, root="PEM")
    assert (await rounds(rig, job_id, until="proof")).state["done"] == ["check", "root", "switch"]
    assert model.sent == ["install-certificate", "ChangeConfiguration"]
    rig.move(seconds=30)
    there(rig, made, Version.V16, 2)
    assert (await rounds(rig, job_id)).status == "done"


async def test_profile_3_waits_for_a_certificate(rig: WorkerRig) -> None:
    """A02 first; a certificate that is valid already is not asked for again."""
    made = await station(rig, "CP1")
    there(rig, made, Version.V21, 1)
    model = obliging(rig)
    job_id = await begin(rig, made, 3)
    job = await rounds(rig, job_id, most=4)
    assert (job.status, job.state["step"], model.sent[-1]) == ("waiting", "certificate", "renew-certificate")
    await certificate(rig, made, "accepted")
    assert (await rounds(rig, job_id, until="proof")).state["done"][-3:] == ["slot", "priority", "reset"]
    assert model.sent.count("renew-certificate") == 1

    other = await station(rig, "CP2")
    there(rig, other, Version.V21, 1)
    model = obliging(rig)
    await certificate(rig, other, "accepted")
    assert (await rounds(rig, await begin(rig, other, 3), until="proof")).state["step"] == "proof"
    assert "renew-certificate" not in model.sent

    third = await station(rig, "CP3")
    there(rig, third, Version.V21, 1)
    job_id = await begin(rig, third, 3)
    await rounds(rig, job_id, most=4)
    await certificate(rig, third, "refused")
    failed = await rounds(rig, job_id)
    assert (failed.status, "wrong name" in (failed.error or "")) == ("failed", True)


async def certificate(rig: WorkerRig, station_id: UUID, status: str) -> None:
    now = rig.clock.now()
    await rig.web.run_as_tenant(DEFAULT_TENANT, lambda connection: connection.execute(
        "insert into certificates (tenant_id, id, station_id, use, status, reason, not_before, not_after, created_at,"
        " updated_at, answered_at) values ($1, $2, $3, 'station', $4, 'wrong name', $5, $6, $5, $5, $5)",
        DEFAULT_TENANT, uuids.uuid7(), station_id, status, now, now + timedelta(days=30),
    ))  # fmt: skip


async def test_what_cannot_be_done_is_said(rig: WorkerRig) -> None:
    made = await station(rig, "CP1")
    there(rig, made, Version.V201, 1)
    rejected = answered({"setVariableResult": [{"attributeStatus": "Rejected"}]}, outcome="rejected")
    nowhere = answered({"getVariableResult": [{"attributeStatus": "UnknownVariable"}]}, outcome="unsupported")
    await rig.node.execute("update stations set password_hash = 'x', security_profile = 1 where id = $1", made)
    cases: list[tuple[dict[str, Any], dict[str, CommandResult], str]] = [
        ({"url": None}, {}, "give `url`"),
        ({"url": "ws://h"}, {}, "give `url`"),
        ({}, {"GetVariables": nowhere}, "UnknownVariable"),
        ({}, {"network_priority": rejected}, "A05.FR.02"),
        ({}, {"network_profile": answered({"status": "Rejected"}, outcome="rejected")}, "another `slot`"),
    ]
    for changes, says, why in cases:
        obliging(rig, **says)
        failed = await rounds(rig, await begin(rig, made, 2, **changes))
        assert failed.status == "failed"
        assert why in (failed.error or ""), failed.error
    rig.worker._tools = attrs.evolve(rig.tools, settings=attrs.evolve(rig.tools.settings, ocpp_listen=()))
    failed = await rounds(rig, await begin(rig, made, 2))
    assert "no listener takes profile 2" in (failed.error or "")
    rig.worker._tools = rig.tools
    rig.stations.stations.clear()
    waits = await rounds(rig, await begin(rig, made, 2), most=1)
    assert (waits.status, waits.waits_for) == ("waiting", "online")


async def test_an_expired_certificate_is_renewed(rig: WorkerRig) -> None:
    """A00.FR.429: asked at once, and until there is a new one."""
    made = await station(rig, "CP1")
    model = obliging(rig)
    job_id, now = uuids.uuid7(), rig.clock.now()
    job = NewJob(DEFAULT_TENANT, job_id, RENEW, str(made), made, None, now, now, {"asked": 0})
    await rig.web.run_as_tenant(DEFAULT_TENANT, lambda connection: enqueue(connection, job))
    await rig.work()
    assert model.sent == ["renew-certificate"]
    await certificate(rig, made, "accepted")
    rig.move(minutes=6)
    await rig.work()
    assert (await rig.job(job_id)).result == {"status": "renewed"}


async def test_a_password_is_not_forgotten_over_one_that_was_refused_after_it(rig: WorkerRig) -> None:
    """Two at nearly the same time: whoever read the station before the first was sent knows nothing of that one."""
    station = await rig.store.reload_config(await rig.station("CP1"))
    assert station is not None

    async def send(hashed: str, result: CommandResult) -> None:
        rig.stations.results = [result]
        rotation = Rotation(station, "x", hashed, 5.0, "operator", None)
        await send_password(partial(rig.web.run_as_tenant, DEFAULT_TENANT), rig.stations, rotation)

    async def kept() -> tuple[str | None, str | None]:
        found = await rig.store.reload_config(station.id)
        assert found is not None
        return found.password_hash, found.pending_password_hash

    await send("first", attrs.evolve(answered({}), status="station_silent", payload=None))
    assert await kept() == (None, "first")
    await send("second", answered({"status": "Rejected"}))
    assert await kept() == (None, "first"), "the station may have taken it"
    await send("third", answered({"status": "Accepted"}))
    assert await kept() == ("third", None)


@pytest.mark.parametrize(("used", "minutes"), [("one", 2), ("three", 0), ("in force", 2)])
async def test_of_several_passwords_without_an_answer_each_lets_the_station_in(
    rig: WorkerRig, used: str, minutes: int
) -> None:
    """A lost answer locks nobody out, nor does asking again: which one the station took shows when it comes back."""
    number = await rig.station("CP1")
    await rig.node.execute("update stations set password_hash = 'in force', security_profile = 1")

    async def now_there() -> StationConfig:
        found = await rig.store.reload_config(number)
        assert found is not None
        return found

    async def send(hashed: str, result: CommandResult) -> None:
        rig.stations.results = [result]
        rotation = Rotation(await now_there(), "x", hashed, 5.0, "operator", None)
        await send_password(partial(rig.web.run_as_tenant, DEFAULT_TENANT), rig.stations, rotation)

    silent = attrs.evolve(answered({}), status="station_silent", payload=None)
    for each in ("none of these", "one", "two"):
        await send(each, silent)
    await send("three", silent)
    await send("refused", answered({"status": "Rejected"}))
    found = await now_there()
    assert (found.pending_password_hash, found.older_pending) == ("three", ("two", "one"))
    book = SecurityBook(rig.node)
    assert await book.settle_password(number, "one") is False, "a newer one may be under way just now"
    await rig.node.execute("update stations set pending_password_at = now() - make_interval(mins => $1)", minutes)
    assert await book.settle_password(number, "none of these") is False, "forgotten"
    assert await book.settle_password(number, used)
    found = await now_there()
    assert (found.password_hash, found.pending_password_hash, found.older_pending) == (used, None, ())
