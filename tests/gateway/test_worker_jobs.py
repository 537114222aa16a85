"""Work that outlives a request and a crash: claimed by one, gone on with, ended; commands that wait for a station."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import uuid_utils.compat as uuids

from actors.ports import DEFAULT_TENANT
from actors.records import JobRecord, Unit
from actors.station.face import CommandResult, NeutralCommand, RawCommand
from gateway.worker import queued
from gateway.worker.outcome import Again, Done, Failed, Handler, Keep, Outcome, Tools
from protocol.ocpp.version import Version
from storage.jobs import Job, NewJob, cancel_job
from storage.web.commands import CommandRow, get_command
from storage.web.queued import QueuedCommand, cancel_queued, queue_command
from tests.support.api import NOW, answered
from tests.support.postgres import Database
from tests.support.worker_rig import WorkerRig, worker_rig

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
        [taken] = await rig.queue.claim(lease, 5, rig.clock.at, {"work": timedelta(seconds=60)}, [])
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


# Commands that wait


def waiting(station: UUID, state: Script, action: str, **fields: Any) -> QueuedCommand:
    given: dict[str, Any] = {"expires_at": NOW + timedelta(hours=1), "urgent": False} | fields
    return QueuedCommand(
        DEFAULT_TENANT, uuids.uuid7(), station, action, state.get("command"), "1.6", {}, state, "op", "r1", NOW, **given
    )


async def take(rig: WorkerRig, wanted: QueuedCommand) -> bool:
    return await rig.web.run_as_tenant(DEFAULT_TENANT, lambda connection: queue_command(connection, wanted))


async def row(rig: WorkerRig, command_id: UUID) -> CommandRow:
    found = await rig.web.run_as_tenant(DEFAULT_TENANT, lambda connection: get_command(connection, command_id))
    assert found is not None
    return found


async def comes_online(rig: WorkerRig, station: UUID) -> None:
    rig.online(station)
    await rig.queue.station_online(DEFAULT_TENANT, station, rig.clock.at + timedelta(seconds=10), timedelta(seconds=2))


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


async def test_a_crash_while_sending_does_not_send_a_reset_again(database: Database, tmp_path: Path) -> None:
    async with worker_rig(database, queued.HANDLERS, tmp_path) as rig:
        station = await rig.station()
        rig.online(station)
        job = waiting(station, RESET, "Reset")
        await take(rig, job)
        lease = uuids.uuid7()
        kinds = dict.fromkeys(queued.HANDLERS, timedelta(seconds=60))
        [taken] = await rig.queue.claim(lease, 1, rig.clock.at, kinds, [])
        await rig.queue.keep(taken, lease, {**RESET, "sent": 1}, NOW, NOW + timedelta(seconds=60))
        rig.move(seconds=61)  # the worker that sent it is dead
        await rig.work()
        assert rig.stations.sent == []
        assert ((await row(rig, job.id)).status, (await rig.job(job.id)).status) == ("lost", "failed")


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


async def test_a_secret_is_forgotten_when_it_was_sent(database: Database, tmp_path: Path) -> None:
    async with worker_rig(database, queued.HANDLERS, tmp_path) as rig:
        station = await rig.station()
        rig.online(station)
        rig.stations.results = [answered({"status": "Accepted"}, action="ChangeConfiguration")]
        payload = {"key": "AuthorizationKey", "value": "very-secret-value"}
        job = waiting(station, {"action": "ChangeConfiguration", "payload": payload, "validate": True}, "x")
        await take(rig, job)
        await rig.work()
        assert rig.stations.sent[0][1] == RawCommand("ChangeConfiguration", payload, True)
        assert "very-secret" not in str((await rig.job(job.id)).state)


async def test_no_more_wait_than_may(database: Database, tmp_path: Path) -> None:
    async with worker_rig(database, queued.HANDLERS, tmp_path) as rig:
        station = await rig.station()
        took = [await take(rig, waiting(station, RAW, "ClearCache")) for _ in range(101)]
        assert (took.count(True), took[-1]) == (100, False)
