"""Work that outlives a request and a crash: claimed by one, gone on with, ended; commands that wait for a station."""

from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast, get_args
from unittest import mock
from uuid import UUID

import attrs
import msgspec
import pytest
import trio
import uuid_utils.compat as uuids

from actors.ports import DEFAULT_TENANT
from actors.records import CommandRecord, JobRecord, Unit
from actors.station.face import CommandResult, CommandStatus, NeutralCommand, RawCommand
from gateway.worker import queued
from gateway.worker.answers import not_now
from gateway.worker.outcome import Again, Done, Failed, Handler, Keep, Outcome, Tools
from gateway.worker.runner import ReadyListener
from protocol.events.envelope import Event
from protocol.events.types import StationBooted, make
from protocol.ocpp.version import Version
from storage.errors import StoreUnavailable
from storage.jobs import SEALED, Job, NewJob, cancel_job, enqueue, look_again
from storage.jobs.queue import Room
from storage.outbox import Bus
from storage.pool import Connection
from storage.web.commands import CommandRow, get_command
from storage.web.queued import QueuedCommand, cancel_queued, queue_command
from storage.web.stations import delete_station
from tests.support.api import NOW, answered
from tests.support.postgres import Database
from tests.support.worker_rig import SEAL, WorkerRig, worker_rig

pytestmark = pytest.mark.server

Script = dict[str, Any]


def handler(seen: list[Job], *says: Outcome | Exception, **options: Any) -> dict[str, Handler]:
    """A handler of the kind `work` that says one thing after the other; the last one stays."""
    left = list(says)

    async def run(tools: Tools, job: Job, keep: Keep) -> Outcome:
        seen.append(job)
        said = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(said, Exception):
            raise said
        return said

    return {"work": Handler(run, **options)}


def new(station: UUID | None = None, **fields: Any) -> NewJob:
    given: dict[str, Any] = {"key": None, "subject": None, "run_at": NOW} | fields
    return NewJob(DEFAULT_TENANT, uuids.uuid7(), "work", station_id=station, now=NOW, **given)


async def test_a_job_goes_on_from_its_state_until_it_is_done(database: Database, tmp_path: Path) -> None:
    seen: list[Job] = []
    says = Again({"step": 1}, timedelta(seconds=30)), Done({"sum": 2})
    async with worker_rig(database, handler(seen, *says), tmp_path) as rig:
        job = new()
        assert await rig.tools.begin(job)
        await rig.work()
        await rig.work()  # not due yet
        assert [each.state for each in seen] == [{}]
        rig.move(seconds=31)
        await rig.work()
        assert [each.state for each in seen] == [{}, {"step": 1}]
        ended = await rig.job(job.id)
        assert (ended.status, ended.result, ended.attempts) == ("done", {"sum": 2}, 1)


async def test_one_open_job_of_a_key_and_the_next_after_it(database: Database, tmp_path: Path) -> None:
    async with worker_rig(database, handler([], Done()), tmp_path) as rig:
        assert await rig.tools.begin(new(key="k"))
        assert not await rig.tools.begin(new(key="k"))
        await rig.work()
        assert await rig.tools.begin(new(key="k"))


async def test_a_failing_job_is_tried_with_growing_pauses_and_then_fails(database: Database, tmp_path: Path) -> None:
    seen: list[Job] = []
    async with worker_rig(database, handler(seen, ValueError("no good"), tries=3), tmp_path) as rig:
        job = new()
        await rig.tools.begin(job)
        pauses = []
        for _ in range(3):
            await rig.work()
            found = await rig.job(job.id)
            pauses.append((found.run_at - rig.clock.at).total_seconds())
            rig.clock.at = max(found.run_at, rig.clock.at)
        assert pauses[:2] == [2.0, 4.0]
        assert (found.status, found.error) == ("failed", "ValueError: no good")
        assert len(seen) == 3


async def test_a_failure_goes_on_from_what_was_kept_and_not_from_before(database: Database, tmp_path: Path) -> None:
    acted: list[dict[str, Any]] = []

    async def run(tools: Tools, job: Job, keep: Keep) -> Outcome:
        if job.state.get("acted"):
            return Done()
        await keep({"acted": True})
        acted.append(job.state)
        raise ValueError("after it was done")

    async with worker_rig(database, {"work": Handler(run)}, tmp_path) as rig:
        job = new()
        await rig.tools.begin(job)
        await rig.work()
        rig.move(seconds=5)
        await rig.work()
        assert (len(acted), (await rig.job(job.id)).status) == (1, "done")


async def test_two_of_one_station_run_in_order_and_never_together(database: Database, tmp_path: Path) -> None:
    seen: list[Job] = []
    async with worker_rig(database, handler(seen, Done()), tmp_path) as rig:
        station, other = await rig.station(), await rig.station("CP2")
        jobs = [new(station), new(station), new(other), new(station, priority=1)]
        for job in jobs:
            await rig.tools.begin(job)
        await rig.work()
        assert {job.id for job in seen} == {jobs[3].id, jobs[2].id}
        await rig.work()
        await rig.work()
        assert [job.id for job in seen if job.station_id == station] == [jobs[3].id, jobs[0].id, jobs[1].id]


async def test_what_a_dead_worker_had_is_taken_up_after_its_lease(database: Database, tmp_path: Path) -> None:
    seen: list[Job] = []
    async with worker_rig(database, handler(seen, Done()), tmp_path) as rig:
        job = new()
        await rig.tools.begin(job)
        lease = uuids.uuid7()
        [taken] = await rig.queue.claim(lease, Room(5, 5), rig.clock.at, {"work": timedelta(seconds=60)}, [])
        await rig.work()
        assert seen == []
        rig.move(seconds=61)
        await rig.work()
        assert [each.id for each in seen] == [taken.id]
        assert not await rig.queue.end(taken, lease, "done", None, None, NOW)  # the dead one comes too late


async def test_a_cancelled_job_stops_at_what_it_must_not_do(database: Database, tmp_path: Path) -> None:
    done: list[str] = []

    async def run(tools: Tools, job: Job, keep: Keep) -> Outcome:
        await tools.database(job.tenant_id, lambda connection: cancel_job(connection, job.id, NOW))
        await keep({"about": "to act"})
        done.append("acted")
        return Done()

    async with worker_rig(database, {"work": Handler(run)}, tmp_path) as rig:
        job = new()
        await rig.tools.begin(job)
        await rig.work()
        assert (done, (await rig.job(job.id)).status) == ([], "cancelled")


async def test_work_begun_by_a_station_is_committed_with_what_it_follows_from(
    database: Database, tmp_path: Path
) -> None:
    seen: list[Job] = []
    async with worker_rig(database, handler(seen, Failed("why")), tmp_path) as rig:
        station = await rig.station()
        record = JobRecord(uuids.uuid7(), "work", "k", {"a": 1}, NOW, NOW)
        again = JobRecord(uuids.uuid7(), "work", "k", {"a": 2}, NOW, NOW)
        await rig.store.record(Unit(DEFAULT_TENANT, station, "", [record, again]))
        await rig.work()
        assert [(each.id, each.state, each.station_id) for each in seen] == [(record.id, {"a": 1}, station)]
        assert (await rig.job(record.id)).error == "why"


async def test_what_never_ends_fails_for_its_occasion_only(database: Database, tmp_path: Path) -> None:
    seen: list[Job] = []
    hourly = handler(seen, ValueError("no good"), tries=2, every=timedelta(hours=1))
    async with worker_rig(database, hourly, tmp_path) as rig:
        job = new()
        await rig.tools.begin(job)
        pauses = []
        for _ in range(4):
            await rig.work()
            found = await rig.job(job.id)
            pauses.append((found.run_at - rig.clock.at).total_seconds())
            rig.clock.at = found.run_at
        assert pauses == [2.0, 3600.0, 2.0, 3600.0]
        assert (found.status, found.error, found.attempts) == ("waiting", "ValueError: no good", 0)


async def test_many_jobs_of_one_tenant_do_not_hold_up_anothers(database: Database, tmp_path: Path) -> None:
    """Both its backlog and what it has under way: a tenant never has all places."""
    seen: list[Job] = []
    begun, release = trio.Event(), trio.Event()

    async def run(tools: Tools, job: Job, keep: Keep) -> Outcome:
        seen.append(job)
        if len(seen) == 48:
            begun.set()
        await release.wait()
        return Done()

    async with worker_rig(database, {"work": Handler(run, deadline=10.0)}, tmp_path) as rig:
        other = uuids.uuid7()
        await rig.node.execute("insert into tenants (id, slug, name) values ($1, 'other', 'Other')", other)
        many = [new() for _ in range(200)]

        async def begin_all(connection: Connection) -> None:
            for job in many:
                await enqueue(connection, job)

        await rig.web.run_as_tenant(DEFAULT_TENANT, begin_all)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(rig.work)
            await begun.wait()
            assert len(seen) == 48  # of 64 places
            theirs = attrs.evolve(new(), tenant_id=other, run_at=NOW + timedelta(seconds=1))
            await rig.tools.begin(theirs)
            rig.move(seconds=1)
            nursery.start_soon(rig.work)
            with trio.fail_after(5):
                while theirs.id not in {job.id for job in seen}:  # noqa: ASYNC110 - the handler tells nobody
                    await trio.sleep(0.01)
            assert len(seen) == 49
            release.set()
        turns = await rig.queue.claim(uuids.uuid7(), Room(4, 4, {}), rig.clock.at, {"work": timedelta(1)}, [])
        assert len(turns) == 4
        more = [attrs.evolve(new(), tenant_id=other, run_at=NOW + timedelta(seconds=1)) for _ in range(3)]
        for job in more:
            await rig.tools.begin(job)
        turns = await rig.queue.claim(uuids.uuid7(), Room(4, 4, {}), rig.clock.at, {"work": timedelta(1)}, [])
        assert [job.tenant_id for job in turns].count(other) == 2  # younger, and in turn all the same


# The end by time


def ending(*says: Exception | None, tries: int = 3) -> tuple[list[str], dict[str, Handler]]:
    """A handler of the kind `work` whose end fails as often as it is told."""
    left, tried = list(says), list[str]()

    async def run(tools: Tools, job: Job, keep: Keep) -> Outcome:
        return Again(job.state, timedelta(days=1))

    async def expired(tools: Tools, job: Job) -> None:
        tried.append(job.status)
        said = left.pop(0) if left else None
        if said is not None:
            raise said

    return tried, {"work": Handler(run, expired=expired, tries=tries)}


async def test_what_follows_from_the_end_of_a_jobs_time_is_tried_until_it_is_done(
    database: Database, tmp_path: Path
) -> None:
    tried, handlers = ending(ValueError("not yet"), ValueError("not yet"))
    async with worker_rig(database, handlers, tmp_path) as rig:
        job = new(expires_at=NOW + timedelta(minutes=1))
        unknown = attrs.evolve(new(expires_at=NOW + timedelta(minutes=1)), kind="of-an-older-node")
        await rig.tools.begin(job)
        await rig.tools.begin(unknown)
        await rig.work()
        rig.move(minutes=2)
        await rig.work()
        found = await rig.job(job.id)
        assert (found.status, found.error, found.finished_at) == ("expiring", "ValueError: not yet", None)
        assert (await rig.job(unknown.id)).status == "expired"
        await cancelled_job(rig, job.id)  # too late for that
        for _ in range(2):
            rig.move(seconds=5)
            await rig.work()
        assert (tried, (await rig.job(job.id)).status) == (["expiring"] * 3, "expired")
        rig.move(minutes=9)
        await rig.work()
        assert len(tried) == 3


async def test_the_end_of_a_jobs_time_has_a_limit_too(database: Database, tmp_path: Path) -> None:
    tried, handlers = ending(*[ValueError("never")] * 9, tries=2)
    async with worker_rig(database, handlers, tmp_path) as rig:
        job = new(expires_at=NOW)
        await rig.tools.begin(job)
        for _ in range(4):
            await rig.work()
            rig.move(minutes=1)
        found = await rig.job(job.id)
        assert (len(tried), found.status, found.error) == (2, "expired", "ValueError: never")


async def test_a_node_that_dies_over_the_end_of_a_job_loses_nothing(database: Database, tmp_path: Path) -> None:
    tried, handlers = ending()
    async with worker_rig(database, handlers, tmp_path) as rig:
        job = new(expires_at=NOW)
        await rig.tools.begin(job)
        kinds, lease = {"work": timedelta(seconds=60)}, uuids.uuid7()
        [taken] = await rig.queue.claim_over(lease, 9, rig.clock.at, kinds, timedelta(seconds=60))
        await rig.work()  # that node is dead, but nobody knows yet
        assert (tried, (await rig.job(job.id)).status) == ([], "expiring")
        rig.move(seconds=61)
        await rig.work()
        assert (tried, (await rig.job(job.id)).status) == (["expiring"], "expired")
        assert not await rig.queue.end(taken, lease, "expired", None, None, NOW)


async def test_a_slow_end_holds_up_nothing(database: Database, tmp_path: Path) -> None:
    done, release = trio.Event(), trio.Event()

    async def run(tools: Tools, job: Job, keep: Keep) -> Outcome:
        done.set()
        return Done()

    async def expired(tools: Tools, job: Job) -> None:
        await release.wait()

    async with worker_rig(database, {"work": Handler(run, expired=expired)}, tmp_path) as rig:
        await rig.tools.begin(new(expires_at=NOW))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(rig.worker.run)
            await rig.tools.begin(new())
            with trio.fail_after(5):
                await done.wait()
            release.set()
            nursery.cancel_scope.cancel()


async def cancelled_job(rig: WorkerRig, job_id: UUID) -> bool:
    return await rig.web.run_as_tenant(DEFAULT_TENANT, lambda connection: cancel_job(connection, job_id, NOW))


# Not now


def fate(status: CommandStatus, *, sent: bool = False, **more: Any) -> CommandResult:
    return CommandResult(uuids.uuid7() if sent else None, status, **more)


@pytest.mark.parametrize(
    ("result", "waits_for", "after"),
    [
        (fate("station_offline"), "online", 0),
        (fate("version_unknown"), "online", 0),
        (fate("not_accepted", detail="pending"), "accepted", 0),
        (fate("station_busy", retry_after=7), None, 7),
        (fate("station_busy"), None, 30),
        (fate("station_silent"), None, 30),  # its turn did not come
    ],
)
def test_not_now_is_no_refusal(result: CommandResult, waits_for: str | None, after: int) -> None:
    job = cast(Job, SimpleNamespace(waits=0))
    later = not_now(job, result, {"a": 1})
    assert later is not None
    assert (later.state, later.waits_for, later.after.total_seconds()) == ({"a": 1}, waits_for, after)
    assert later.error


@pytest.mark.parametrize("status", set(get_args(CommandStatus)) - {
    "station_offline", "version_unknown", "not_accepted", "station_busy", "station_silent",
})  # fmt: skip
def test_what_was_heard_or_can_never_be_sent_is_no_reason_to_wait(status: CommandStatus) -> None:
    assert not_now(cast(Job, SimpleNamespace(waits=0)), fate(status, sent=True), {}) is None


def test_silence_counts_as_asked_unless_it_may_be_asked_again_and_not_for_ever() -> None:
    fresh, tired = cast(Job, SimpleNamespace(waits=0)), cast(Job, SimpleNamespace(waits=3))
    silent = fate("station_silent", sent=True)
    assert not_now(fresh, silent, {}) is None
    assert not_now(fresh, silent, {}, repeat=True) is not None
    assert not_now(tired, silent, {}, repeat=True, most=3) is None
    assert not_now(tired, fate("not_accepted"), {}, most=3) is not None


async def test_a_job_that_waits_for_acceptance_wakes_by_an_accepted_boot(database: Database, tmp_path: Path) -> None:
    seen: list[Job] = []
    says = Again({}, waits_for="accepted", error="pending"), Again({}, waits_for="online"), Done()
    async with worker_rig(database, handler(seen, *says), tmp_path) as rig:
        station = await rig.station()
        rig.online(station)
        rig.stations.stations[station] = attrs.evolve(rig.stations.stations[station], registration="pending")
        job = new(station)
        await rig.tools.begin(job)
        await rig.work()
        found = await rig.job(job.id)
        assert (found.waits_for, found.error) == ("accepted", "pending")
        listener = ReadyListener(Bus())
        listener.worker = rig.worker
        await listener.take(boot(station, "pending"))
        assert (await rig.job(job.id)).waits_for == "accepted"
        await listener.take(boot(station, "accepted"))
        rig.move(seconds=11)
        await rig.work()
        # It came back just before that was written: the next look is due all the same.
        assert (len(seen), (await rig.job(job.id)).waits_for) == (2, None)
        rig.move(seconds=11)
        await rig.work()
        assert (await rig.job(job.id)).status == "done"


def boot(station: UUID, admission: str) -> Event:
    kind, subject, data = make(StationBooted(station_id=station, station="CP1", admission=admission))
    return Event(uuids.uuid7(), DEFAULT_TENANT, NOW, kind, subject, data)


async def test_what_is_put_off_is_counted_in_a_row_and_is_no_failure(database: Database, tmp_path: Path) -> None:
    seen: list[Job] = []
    says = Again({}, put_off=True), Again({}, put_off=True), Again({"next": 1}), Again({}, put_off=True)
    async with worker_rig(database, handler(seen, *says), tmp_path) as rig:
        await rig.tools.begin(new())
        for _ in range(5):
            await rig.work()
        assert [job.waits for job in seen] == [0, 1, 2, 0, 1]
        assert {job.attempts for job in seen} == {1}


async def test_nothing_waits_for_a_station_that_was_deleted(database: Database, tmp_path: Path) -> None:
    seen: list[Job] = []
    async with worker_rig(database, handler(seen, Again({}, waits_for="online")), tmp_path) as rig:
        station = await rig.station()
        await rig.tools.begin(new(station))
        await rig.work()
        await rig.work()
        assert len(seen) == 1
        await rig.node.execute("update stations set deleted_at = $2 where id = $1", station, NOW)
        await rig.web.run_as_tenant(DEFAULT_TENANT, lambda connection: look_again(connection, station, NOW))
        await rig.work()
        await rig.work()
        assert len(seen) == 3


# Commands that wait


def waiting(station: UUID, state: Script, action: str, **fields: Any) -> QueuedCommand:
    given: dict[str, Any] = {"expires_at": NOW + timedelta(hours=1), "urgent": False} | fields
    number = uuids.uuid7()
    held = msgspec.json.encode(state.get("payload", state.get("body"))).decode()
    kept = {name: value for name, value in state.items() if name not in ("payload", "body")}
    kept |= {SEALED: b64encode(SEAL.close(held, number)).decode()}
    return QueuedCommand(
        DEFAULT_TENANT, number, station, action, state.get("command"), "1.6", {}, kept, "op", "r1", NOW, **given
    )


async def take(rig: WorkerRig, wanted: QueuedCommand) -> bool:
    return await rig.web.run_as_tenant(DEFAULT_TENANT, lambda connection: queue_command(connection, wanted))


async def row(rig: WorkerRig, command_id: UUID) -> CommandRow:
    found = await rig.web.run_as_tenant(DEFAULT_TENANT, lambda connection: get_command(connection, command_id))
    assert found is not None
    return found


async def comes_online(rig: WorkerRig, station: UUID) -> None:
    rig.online(station)
    await rig.queue.station_ready(DEFAULT_TENANT, station, rig.clock.at + timedelta(seconds=10), timedelta(seconds=2))


RAW = {"action": "ClearCache", "payload": {}, "validate": True}
RESET = {"action": "Reset", "command": "reset", "body": {"kind": "immediate"}}


async def test_commands_go_out_in_order_when_the_station_is_back_and_calm(database: Database, tmp_path: Path) -> None:
    async with worker_rig(database, queued.HANDLERS, tmp_path) as rig:
        station = await rig.station()
        first, second = waiting(station, RAW, "ClearCache"), waiting(station, RESET, "Reset")
        assert await take(rig, first)
        assert await take(rig, second)
        await rig.work()
        await rig.work()
        assert rig.stations.sent == []
        assert (await rig.job(first.id)).waits_for == "online"
        await comes_online(rig, station)
        await rig.work()
        assert rig.stations.sent == []  # not in its first seconds
        rig.move(seconds=10)
        await rig.work()
        rig.move(seconds=2)
        await rig.work()
        assert [command for _, command, _ in rig.stations.sent] == [
            RawCommand("ClearCache", {}, True), NeutralCommand("reset", {"kind": "immediate"}),
        ]  # fmt: skip
        assert (await rig.job(second.id)).status == "done"


LOST = CommandResult(uuids.uuid7(), "station_silent", "Reset", Version.V16, delivery="unknown")


@pytest.mark.parametrize(("state", "sendings"), [(RAW, 3), (RESET, 1)])
async def test_only_what_may_be_repeated_is(
    database: Database, tmp_path: Path, state: Script, sendings: int
) -> None:
    async with worker_rig(database, queued.HANDLERS, tmp_path) as rig:
        station = await rig.station()
        rig.online(station)
        rig.stations.results = [CommandResult(LOST.id, "station_silent", state["action"], delivery="unknown")]
        job = waiting(station, state, state["action"])
        await take(rig, job)
        for _ in range(5):
            await rig.work()
            rig.move(seconds=31)
        assert len(rig.stations.sent) == sendings
        assert (await rig.job(job.id)).status == "done"


@pytest.mark.parametrize("status", ["late_answered", "late_error", "late_invalid_answer"])
@pytest.mark.parametrize("away", [False, True])
async def test_what_was_answered_late_is_not_sent_again(
    database: Database, tmp_path: Path, status: str, away: bool
) -> None:
    async with worker_rig(database, queued.HANDLERS, tmp_path) as rig:
        station = await rig.station()
        rig.online(station)
        rig.stations.results = [CommandResult(LOST.id, "station_silent", "ClearCache")]
        job = waiting(station, RAW, "ClearCache")
        await take(rig, job)
        await rig.work()
        fate = CommandRecord(
            job.id, "ClearCache", None, status, "m1", "1.6", {}, None, None, "rejected", "op", "r1", NOW, NOW, NOW
        )
        await rig.tools.record(DEFAULT_TENANT, station, fate)
        rig.online(station, there=not away)
        rig.move(seconds=31)
        await rig.work()
        found = await rig.job(job.id)
        assert (len(rig.stations.sent), found.status) == (1, "done")
        assert found.result == {"status": status, "outcome": "rejected"}
        assert (await row(rig, job.id)).status == status


async def test_a_crash_while_sending_does_not_send_a_reset_again(database: Database, tmp_path: Path) -> None:
    async with worker_rig(database, queued.HANDLERS, tmp_path) as rig:
        station = await rig.station()
        rig.online(station)
        job = waiting(station, RESET, "Reset")
        await take(rig, job)
        lease = uuids.uuid7()
        kinds = dict.fromkeys(queued.HANDLERS, timedelta(seconds=60))
        [taken] = await rig.queue.claim(lease, Room(1, 1), rig.clock.at, kinds, [])
        await rig.queue.keep(taken, lease, {**taken.state, "sent": 1}, NOW, NOW + timedelta(seconds=60))
        rig.move(seconds=61)  # the worker that sent it is dead
        await rig.work()
        assert rig.stations.sent == []
        assert ((await row(rig, job.id)).status, (await rig.job(job.id)).status) == ("lost", "failed")


async def test_a_database_that_is_away_before_anything_was_sent_loses_no_command(
    database: Database, tmp_path: Path
) -> None:
    async with worker_rig(database, queued.HANDLERS, tmp_path) as rig:
        station = await rig.station()
        rig.online(station)
        job = waiting(station, RESET, "Reset")
        await take(rig, job)
        with mock.patch.object(queued, "prepared", side_effect=StoreUnavailable("away")):
            await rig.work()
        assert (rig.stations.sent, (await rig.job(job.id)).status) == ([], "waiting")
        rig.move(minutes=10)
        await rig.work()
        assert (len(rig.stations.sent), (await rig.job(job.id)).status) == (1, "done")


async def expire(rig: WorkerRig, job: QueuedCommand) -> None:
    rig.move(hours=1, seconds=1)
    await rig.work()


async def cancelled(rig: WorkerRig, job: QueuedCommand) -> None:
    assert await rig.web.run_as_tenant(DEFAULT_TENANT, lambda connection: cancel_queued(connection, job.id, NOW))


@pytest.mark.parametrize(("end", "status"), [(expire, "expired"), (cancelled, "cancelled")])
async def test_its_time_ends_or_it_is_cancelled(
    database: Database, tmp_path: Path, end: Callable[..., Any], status: str
) -> None:
    async with worker_rig(database, queued.HANDLERS, tmp_path) as rig:
        station = await rig.station()
        job = waiting(station, RAW, "ClearCache")
        await take(rig, job)
        await rig.work()
        await end(rig, job)
        await comes_online(rig, station)
        rig.move(seconds=20)
        await rig.work()
        assert rig.stations.sent == []
        found = await row(rig, job.id)
        assert (found.status, found.finished_at is not None) == (status, True)


SECRET = {"key": "AuthorizationKey", "value": "very-secret-value"}


async def sent_out(rig: WorkerRig, job: QueuedCommand) -> None:
    rig.stations.results = [answered({"status": "Accepted"}, action="ChangeConfiguration")]
    await comes_online(rig, job.station_id)
    rig.move(seconds=11)
    await rig.work()
    assert rig.stations.sent[0][1] == RawCommand("ChangeConfiguration", SECRET, True)


async def deleted(rig: WorkerRig, job: QueuedCommand) -> None:
    async def delete(connection: Connection) -> None:
        await delete_station(connection, job.station_id, NOW)
        await look_again(connection, job.station_id, NOW)

    await rig.web.run_as_tenant(DEFAULT_TENANT, delete)
    await rig.work()
    assert (await row(rig, job.id)).status == "station_deleted"


@pytest.mark.parametrize("end", [sent_out, expire, cancelled, deleted])
@pytest.mark.parametrize("sealed", [True, False])  # those taken before secrets were sealed
async def test_a_secret_is_sealed_and_gone_with_the_end_however_it_ends(
    database: Database, tmp_path: Path, end: Callable[..., Any], sealed: bool
) -> None:
    async with worker_rig(database, queued.HANDLERS, tmp_path) as rig:
        plain = {"action": "ChangeConfiguration", "payload": SECRET, "validate": True}
        job = waiting(await rig.station(), plain, "x")
        if not sealed:
            job = attrs.evolve(job, state=plain)
        await take(rig, job)
        await rig.work()
        held = str((await rig.job(job.id)).state)
        assert ("very-secret" in held, SEALED in held) == (not sealed, sealed)
        await end(rig, job)
        found = await rig.job(job.id)
        assert found.finished_at is not None
        assert found.state.keys() <= {"action", "validate", "sent"}


async def test_a_pending_station_is_not_one_that_refused(database: Database, tmp_path: Path) -> None:
    async with worker_rig(database, queued.HANDLERS, tmp_path) as rig:
        station = await rig.station()
        rig.online(station)
        rig.stations.results = [fate("not_accepted", action="Reset", detail="the station is pending")]
        job = waiting(station, RESET, "Reset")
        await take(rig, job)
        await rig.work()
        found = await rig.job(job.id)
        assert (found.status, found.waits_for, found.error) == ("waiting", "accepted", "the station is pending")
        rig.stations.results = [answered({"status": "Accepted"})]
        await comes_online(rig, station)
        rig.move(seconds=11)
        await rig.work()
        assert (len(rig.stations.sent), (await rig.job(job.id)).status) == (2, "done")


async def test_no_more_wait_than_may(database: Database, tmp_path: Path) -> None:
    async with worker_rig(database, queued.HANDLERS, tmp_path) as rig:
        station = await rig.station()
        took = [await take(rig, waiting(station, RAW, "ClearCache")) for _ in range(101)]
        assert (took.count(True), took[-1]) == (100, False)


async def test_an_outcome_that_cannot_be_kept_is_that_jobs_failure_alone(database: Database, tmp_path: Path) -> None:
    """What a station said may hold what no database takes: the worker goes on, and the job ends after its tries."""
    says = Done({"said": "a\x00b"}), Again({"said": "\x00"}), Failed("\x00"), Done({"well": True})
    async with worker_rig(database, handler([], *says, tries=3), tmp_path) as rig:
        odd, well = new(), new()
        assert await rig.tools.begin(odd)
        for _ in range(3):
            await rig.work()
            rig.move(minutes=10)
        ended = await rig.job(odd.id)
        assert (ended.status, ended.attempts) == ("failed", 3)
        assert "UTF8" in (ended.error or "")
        assert await rig.tools.begin(well)
        await rig.work()
        assert (await rig.job(well.id)).status == "done"
