"""Sessions that fell silent, those of stations that never return, and which tariffs a station holds."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import uuid_utils.compat as uuids

from actors.ports import DEFAULT_TENANT
from actors.session.instructions import ASK, COST, Instruction
from actors.station.face import CommandResult, NeutralCommand
from gateway.keeper import Keeper
from gateway.worker import sessions
from storage.jobs import Job, NewJob
from tests.support.api import NOW, answered
from tests.support.postgres import Database
from tests.support.worker_rig import WorkerRig, worker_rig

pytestmark = pytest.mark.server
ENDS, GOES_ON, WAITS = (
    {"ongoingIndicator": False, "messagesInQueue": False},
    {"ongoingIndicator": True, "messagesInQueue": False},
    {"ongoingIndicator": False, "messagesInQueue": True},
)


def keeper(rig: WorkerRig) -> Keeper:
    return Keeper(rig.node, rig.store, rig.stations, rig.clock, uuids.uuid7, rig.tools.settings)


async def running(rig: WorkerRig, station: UUID, silent: timedelta, **columns: Any) -> UUID:
    session: UUID = uuids.uuid7()
    heard = NOW - silent
    row = {
        "tenant_id": DEFAULT_TENANT, "id": session, "station_id": station, "business_key": str(session),
        "transaction_id": "T1", "status": "active", "started_at": heard, "began_received_at": heard,
        "last_received_at": heard,
    } | columns  # fmt: skip
    names, places = ", ".join(row), ", ".join(f"${n}" for n in range(1, len(row) + 1))
    await rig.node.execute(f"insert into sessions ({names}) values ({places})", *row.values())
    return session


async def state(rig: WorkerRig, station: UUID, *, online: bool, version: str, silent: timedelta) -> None:
    await rig.node.execute(
        "insert into station_states (tenant_id, station_id, online, version, last_seen_at) values ($1, $2, $3, $4, $5)",
        DEFAULT_TENANT, station, online, version, NOW - silent,
    )  # fmt: skip
    rig.online(station, there=online)


async def asked(rig: WorkerRig, session: UUID) -> Job:
    newest = "select id from jobs where subject = $1 order by id desc limit 1"
    [found] = await rig.node.fetch(newest, f"sessions/{session}")
    return await rig.job(found["id"])


async def test_sessions_of_stations_that_never_return_are_closed_and_no_others(
    database: Database, tmp_path: Path
) -> None:
    """48 h without a word of the station; one that is connected, or was lately, keeps its sessions."""
    long, short = timedelta(hours=49), timedelta(hours=47)
    async with worker_rig(database, sessions.HANDLERS, tmp_path) as rig:
        cases = {}
        for name, online, seen, heard in (
            ("gone", False, long, long), ("never-told", None, long, long), ("connected", True, timedelta(), long),
            ("lately", False, short, long), ("fresh", False, long, short),
        ):  # fmt: skip
            station = await rig.station(name)
            if online is not None:
                await state(rig, station, online=online, version="1.6", silent=seen)
            cases[name] = await running(rig, station, heard)
        closed, _ = await keeper(rig).round()
        assert closed == 2
        assert {each.session_id for each in rig.stations.instructions} == {cases["gone"], cases["never-told"]}
        assert {each.data["reason"] for each in rig.stations.instructions} == {"station_stayed_away"}


@pytest.mark.parametrize(
    ("told", "closed", "said"),
    [
        (ENDS, True, "closed"), (GOES_ON, False, "goes on"),
        ({"messagesInQueue": False}, False, "the station does not say"),
    ],
)
async def test_a_silent_session_is_asked_about_once(
    database: Database, tmp_path: Path, told: dict[str, Any], closed: bool, said: str
) -> None:
    """E14.FR.01 to FR.05: over and nothing waits: its end was lost."""
    async with worker_rig(database, sessions.HANDLERS, tmp_path) as rig:
        station = await rig.station()
        await state(rig, station, online=True, version="2.0.1", silent=timedelta())
        session = await running(rig, station, timedelta(hours=2))
        await running(rig, station, timedelta(minutes=30))
        old = await rig.station("old")
        await state(rig, old, online=True, version="1.6", silent=timedelta())
        await running(rig, old, timedelta(hours=2))
        rig.stations.results = [answered(told, outcome="accepted")]
        assert await keeper(rig).round() == (0, 1)
        assert await keeper(rig).round() == (0, 0)
        await rig.work()
        assert [command for _, command, _ in rig.stations.sent] == [
            NeutralCommand("transaction-status", {"session": session})
        ]
        rig.move(minutes=5)
        await rig.work()
        assert (await asked(rig, session)).result == {"status": said} | ({} if closed else told)
        wanted = [Instruction(session, "close", {"reason": "station_says_it_is_over"})] if closed else []
        assert rig.stations.instructions == wanted
        rig.move(hours=3)
        assert await keeper(rig).round() == (0, 1), "only the other one, which is silent now too"


async def test_what_still_waits_at_the_station_is_waited_for(database: Database, tmp_path: Path) -> None:
    """E14.FR.04: messages in the queue will tell."""
    async with worker_rig(database, sessions.HANDLERS, tmp_path) as rig:
        station = await rig.station()
        await state(rig, station, online=True, version="2.1", silent=timedelta())
        session = await running(rig, station, timedelta(hours=2))
        rig.stations.results = [answered(WAITS), answered(ENDS)]
        await keeper(rig).round()
        await rig.work()
        assert rig.stations.instructions == []
        rig.move(minutes=11)
        await rig.work()
        await rig.node.execute("update sessions set status = 'ended', ended_at = $2 where id = $1", session, NOW)
        rig.move(minutes=5)
        await rig.work()
        assert (await asked(rig, session)).result == {"status": "ended meanwhile"}
        assert rig.stations.instructions == []


async def test_after_a_restart_of_the_station_only_what_it_does_not_go_on_with_is_asked_about(
    database: Database, tmp_path: Path
) -> None:
    async with worker_rig(database, sessions.HANDLERS, tmp_path) as rig:
        station = await rig.station()
        await state(rig, station, online=False, version="2.1", silent=timedelta())
        session = await running(rig, station, timedelta(minutes=5))

        def job() -> NewJob:
            subject, now = f"sessions/{session}", rig.clock.at
            return NewJob(DEFAULT_TENANT, uuids.uuid7(), ASK, str(session), station, subject, now, now)

        await rig.tools.begin(job())
        await rig.work()
        assert (await asked(rig, session)).waits_for == "online"
        heard = NOW + timedelta(seconds=30)
        await rig.node.execute("update sessions set last_received_at = $2 where id = $1", session, heard)
        rig.online(station)
        await rig.queue.wake((await asked(rig, session)).id, rig.clock.at)
        await rig.work()
        assert (await asked(rig, session)).result == {"status": "heard of meanwhile"}
        rig.move(minutes=5)
        rig.stations.results = [CommandResult(uuids.uuid7(), "station_silent")]
        await rig.tools.begin(job())
        await rig.work()
        assert (await asked(rig, session)).result == {"status": "station_silent"}
        assert len(rig.stations.sent) == 1


async def test_after_a_change_the_station_is_asked_which_tariffs_it_holds(database: Database, tmp_path: Path) -> None:
    async with worker_rig(database, sessions.HANDLERS, tmp_path) as rig:
        station = await rig.station()
        job = NewJob(DEFAULT_TENANT, uuids.uuid7(), "read_tariffs", "k", station, None, NOW, NOW)
        await rig.tools.begin(job)
        await rig.work()
        assert (await rig.job(job.id)).waits_for == "online"
        rig.online(station)
        await rig.queue.wake(job.id, rig.clock.at)
        rig.stations.results = [CommandResult(None, "station_silent"), answered(outcome="accepted")]
        await rig.work()
        rig.move(seconds=31)
        await rig.work()
        assert (await rig.job(job.id)).status == "done"
        assert [command for _, command, _ in rig.stations.sent] == [NeutralCommand("tariffs", {})] * 2


async def test_the_cost_that_a_station_was_told_becomes_the_sessions(database: Database, tmp_path: Path) -> None:
    """E16.FR.11: while it runs; what is over keeps its own."""
    async with worker_rig(database, sessions.HANDLERS, tmp_path) as rig:
        station = await rig.station()
        session = await running(rig, station, timedelta(minutes=5))
        ended = await running(
            rig, station, timedelta(minutes=9), transaction_id="T0", status="ended", ended_at=NOW, charging_state=None
        )
        now = rig.clock.now()
        for transaction in ("T1", "T0", "T9"):
            state_ = {"transaction_id": transaction, "total_cost": "4.2"}
            await rig.tools.begin(
                NewJob(DEFAULT_TENANT, uuids.uuid7(), COST, None, station, None, now, now, state_)
            )
        await rig.work()
        assert rig.stations.instructions == [Instruction(session, "cost", {"total_cost": "4.2"})]
        assert ended != session
