"""Reservations on their way to a station and to their end: asked for when they begin, taken back, over by our clock."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from actors.ports import StationConfig
from actors.records import Record, ReservationRecord
from actors.reservation.messages import Wanted, cancel, reserve_now
from actors.station.face import CommandResult, RawCommand
from gateway.worker.answers import not_now, said, status_of
from gateway.worker.outcome import Again, Done, Failed, Handler, Handlers, Keep, Outcome, Tools
from protocol.events.reservations import (
    ReservationCancelled,
    ReservationCreated,
    ReservationExpired,
    ReservationRefused,
)
from protocol.ocpp.version import Version
from storage.jobs import Job
from storage.web.reservations import Places, ReservationRow, get_reservation, places_of

RESERVE: Final = "reservation"
CANCEL: Final = "cancel-reservation"
_MOST: Final = 10_000
"""How often a station that does not answer is asked again: a reservation ends by its own time long before."""


async def reserve(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """Until it is used, taken back or over. ReserveNow may be sent twice: the same number replaces (H01.FR.02)."""
    row = await _row(tools, job)
    station = await tools.station(job)
    if row is None or station is None or row.ended_at is not None or row.status == "cancelling":
        return Done()
    state = dict(job.state)
    if not state.get("told"):
        await _record(tools, job, row, tools.event(_created(row), job.request_id))
        state["told"] = True
        await keep(state)
    now = tools.clock.now()
    if row.status == "accepted" or now >= row.expires_at:
        return Again(state, max(row.expires_at - now, timedelta()) + timedelta(seconds=1))
    if now < row.starts_at:
        return Again(state, row.starts_at - now)
    result = await _ask(tools, job, station, row)
    return await _answered(tools, job, row, result, state)


async def _ask(tools: Tools, job: Job, station: StationConfig, row: ReservationRow) -> CommandResult:
    live = tools.stations.live(station.id)
    version = live.version if live is not None and live.version is not None else None
    if version is None:
        places: Places = await tools.database(job.tenant_id, lambda connection: places_of(connection, station.id))
        version = places.version or station.ocpp_version or Version.V16
    wanted = Wanted(row.number, row.evse, row.connector_type, row.token, row.token_type, row.group_uid, row.expires_at)
    return await tools.command(job, station, RawCommand(*reserve_now(version, wanted)))


async def _answered(
    tools: Tools, job: Job, row: ReservationRow, result: CommandResult, state: dict[str, Any]
) -> Outcome:
    """What the answer means for the row is stored with it (actors/reservation/learned.py)."""
    if result.status == "answered":
        if status_of(result) == "Accepted":
            return Again(state, row.expires_at - tools.clock.now() + timedelta(seconds=1))
        return Done({"answer": status_of(result)})
    later = not_now(job, result, state, repeat=True, most=_MOST)
    if later is not None:
        return later
    why = said(result)
    refused = ReservationRefused(station_id=row.station_id, station=row.station, number=row.number, detail=why)
    await _record(
        tools, job, row, ReservationRecord(row.number, "refused", tools.clock.now(), detail=why), tools.event(refused)
    )
    return Failed(why)


async def take_back(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """CancelReservation, as soon as the station can be asked; what it never heard of is over at once."""
    row = await _row(tools, job)
    station = await tools.station(job)
    if row is None or row.ended_at is not None:
        return Done()
    if station is None or row.answer is None:
        await _over(tools, job, row, "operator", None)
        return Done()
    result = await tools.command(job, station, RawCommand(*cancel(row.number)))
    if result.status == "answered":
        return Done()
    later = not_now(job, result, job.state, repeat=True, most=_MOST)
    if later is not None:
        return later
    await _over(tools, job, row, "operator", said(result))
    return Done()


async def expired(tools: Tools, job: Job) -> None:
    """Nobody came, or the station could not be reached as long as it held."""
    row = await _row(tools, job)
    if row is None or row.ended_at is not None:
        return
    if row.status == "cancelling":
        await _over(tools, job, row, "operator", "over before the station could be told")
        return
    detail = None if row.answer else "the station was not reached in time"
    over = ReservationExpired(station_id=row.station_id, station=row.station, number=row.number)
    record = ReservationRecord(row.number, "expired", tools.clock.now(), detail=detail)
    await _record(tools, job, row, record, tools.event(over))


async def _over(tools: Tools, job: Job, row: ReservationRow, by: str, detail: str | None) -> None:
    over = ReservationCancelled(station_id=row.station_id, station=row.station, number=row.number, by=by, detail=detail)
    record = ReservationRecord(row.number, "cancelled", tools.clock.now(), detail=detail)
    await _record(tools, job, row, record, tools.event(over))


async def _row(tools: Tools, job: Job) -> ReservationRow | None:
    wanted = UUID(job.state["reservation"]) if "reservation" in job.state else UUID(str(job.key))
    return await tools.database(job.tenant_id, lambda connection: get_reservation(connection, wanted))


async def _record(tools: Tools, job: Job, row: ReservationRow, *records: Record) -> None:
    await tools.record(job.tenant_id, row.station_id, *records)


def _created(row: ReservationRow) -> ReservationCreated:
    return ReservationCreated(
        station_id=row.station_id, station=row.station, number=row.number, reservation_id=row.id, evse=row.evse,
        token=row.token, starts_at=row.starts_at, expires_at=row.expires_at,
    )  # fmt: skip


HANDLERS: Final[Handlers] = {
    RESERVE: Handler(reserve, deadline=60.0, expired=expired),
    CANCEL: Handler(take_back, deadline=60.0, expired=expired),
}
