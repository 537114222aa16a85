"""Local lists on their way to stations, message by message (OCPP 2.0.1 Part 2, D01, D02).

Every message is noted in the job's state before it goes, and in the database when the station has accepted it: after a
crash, or an answer that was lost, the station's own version tells whether it was taken.
"""

from datetime import timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

import attrs
import trio

from actors.authorization.stale import CALM
from actors.authorization.stale import JOB as REFRESH
from actors.locallist.entries import Entry, entry_of
from actors.locallist.limits import Told, question, told_of
from actors.locallist.plan import Limits, Message, Plan, plan
from actors.ports import StationConfig
from actors.station.face import CommandResult, RawCommand
from actors.station.who import Station
from gateway.worker.answers import not_now, said, status_of
from gateway.worker.forgotten_tokens import forgotten, remembered
from gateway.worker.outcome import Again, Done, Failed, Handler, Handlers, Keep, Outcome, Tools
from protocol.events.authorization import LocalListFailed, LocalListSynced
from protocol.ocpp.version import Version
from storage.jobs import Job, NewJob
from storage.sql import sql
from storage.web import local_lists as rows
from storage.web.local_lists import ListState, LocalListRow

SYNC: Final = "sync-local-list"
_BUDGET: Final = 40.0  # seconds of one run
_PAGE: Final = 500
_MOST_REPAIRS: Final = 3
_LATER: Final = timedelta(seconds=30)
_CALM: Final = timedelta(minutes=10)  # between a list that was well and all of it again for a conflict
_UNHEARD: Final = frozenset(("station_busy", "station_silent"))


@attrs.define
class _Sync:
    """One run. `state` is the job's: repairs so far, `full` wanted, how many were `sent` of `total`, the `doubt`.

    `conflict`: the station says that its list contradicts us, though it confirmed it.
    """

    tools: Tools
    job: Job
    keep: Keep
    station: StationConfig
    version: Version
    row: LocalListRow
    state: dict[str, Any]
    skipped: int = 0

    @property
    def tenant(self) -> UUID:
        return self.job.tenant_id

    async def ask(self, action: str, payload: dict[str, Any]) -> CommandResult:
        return await self.tools.command(self.job, self.station, RawCommand(action, payload))

    async def write(self, status: str, theirs: int | None, error: str | None = None) -> None:
        """What /local-lists shows."""
        written = ListState(
            self.tenant, self.station.id, status, self.row.version, theirs, self.state.get("sent", 0),
            self.state.get("total", 0), self.skipped, error, self.tools.clock.now(),
        )  # fmt: skip
        await self.tools.database(self.tenant, lambda connection: rows.write_state(connection, written))

    async def fail(self, status: str, error: str) -> Outcome:
        await self.write(status, self.row.station_version, error)
        told = LocalListFailed(station_id=self.station.id, station=self.station.identity, status=status, error=error)
        await self.tools.record(self.tenant, self.station.id, self.tools.event(told))
        return Failed(error)

    async def wait(self, result: CommandResult) -> Outcome | None:
        """For what may yet come: nothing was refused. None: the station was heard."""
        later = not_now(self.job, result, self.state, repeat=True)
        if later is not None:
            await self.write("waiting", self.row.station_version, later.error)
            return later
        if result.status in _UNHEARD:
            return await self.fail("failed", f"the station was asked {self.job.waits + 1} times: {said(result)}")
        return None


async def sync(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """Until a run finds nothing left to change: only then what changed meanwhile is there too."""
    station = await tools.station(job)
    if station is None:
        return Done()
    row = await tools.database(job.tenant_id, lambda connection: rows.get_list(connection, station.id))
    if row is None or (row.rule is None and not row.entries):
        return Done()
    live = tools.stations.live(station.id)
    known = live.version if live is not None and live.version is not None else None
    version = known or (Version(row.ocpp_version) if row.ocpp_version else None) or station.ocpp_version
    if version is None:
        return Again(job.state, waits_for="online", error="the station was never connected")
    work = _Sync(tools, job, keep, station, version, row, dict(job.state))
    wanted = await _wanted(work)
    if row.version is not None and not any(work.state.get(name) for name in ("check", "doubt", "full", "conflict")):
        held = await tools.database(job.tenant_id, lambda connection: rows.entries_of(connection, station.id))
        if not plan(version, wanted, held, ours=row.version, theirs=row.version, limits=Limits()).messages:
            return await _well(work, row.version, len(held))
    return await _with_station(work, wanted)


async def _with_station(work: _Sync, wanted: list[Entry]) -> Outcome:
    told = await _limits(work)
    if told.enabled is False and work.version is Version.V16:
        return await work.fail("unsupported", "the station's list is off: set LocalAuthListEnabled to true")
    if told.limits.most is not None and len(wanted) > told.limits.most:
        return await work.fail(
            "failed", f"the list has {len(wanted)} tokens, the station takes {told.limits.most}: narrow its rule"
        )
    asked = await work.ask("GetLocalListVersion", {})
    later = await work.wait(asked)
    if later is not None:
        return later
    theirs = _number(asked)
    if theirs is None or theirs < 0:
        return await work.fail("unsupported", f"the station keeps no list: {said(asked)}")
    await _settle_doubt(work, theirs)
    held = await work.tools.database(work.tenant, lambda connection: rows.entries_of(connection, work.station.id))
    work.state.pop("check", None)
    todo = plan(
        work.version, wanted, held, ours=work.row.version, theirs=theirs, limits=told.limits,
        full=bool(work.state.get("full")),
    )  # fmt: skip
    conflict = work.state.pop("conflict", False)
    if not todo.messages and not conflict:
        return await _well(work, theirs, len(held))
    if not todo.messages:
        return await _all_again(work)
    return await _send(work, todo, theirs)


async def _all_again(work: _Sync) -> Outcome:
    """A conflict that no difference explains (1.6, 3.5.3); calmly, as a station may tell one of every card."""
    last, now = work.row.synced_at, work.tools.clock.now()
    if last is not None and now < last + _CALM:
        return Again(work.state | {"conflict": True}, last + _CALM - now, error="a conflict: all of it is sent again")
    work.state["full"] = True
    return Again(work.state)


async def _send(work: _Sync, todo: Plan, theirs: int) -> Outcome:
    state = work.state
    if todo.full or "total" not in state:
        state |= {"sent": 0, "total": todo.changes}
    else:
        state["total"] = state["sent"] + todo.changes
    await work.write("syncing", theirs)
    ends = work.tools.clock.monotonic() + _BUDGET
    for message in todo.messages:
        if work.tools.clock.monotonic() >= ends:
            return Again(state)
        state["doubt"] = _noted(message)
        await work.keep(state)
        result = await work.ask("SendLocalList", message.payload(work.version))
        later = await work.wait(result)
        if later is not None:
            return later
        status = status_of(result)
        if status != "Accepted":
            state.pop("doubt")
            return await _refused(work, message, result, status)
        await _take(work, message)
    return Again(state)


async def _take(work: _Sync, message: Message) -> None:
    state = work.state
    state["sent"] = state.get("sent", 0) + len(message.entries) + len(message.gone)
    state.pop("doubt", None)
    if message.full:
        state.pop("full", None)
    work.row = attrs.evolve(work.row, version=message.number)
    now = work.tools.clock.now()
    await work.tools.database(
        work.tenant,
        lambda connection: rows.taken(connection, work.tenant, work.station.id, message, state["sent"], now),
    )


async def _refused(work: _Sync, message: Message, result: CommandResult, status: str | None) -> Outcome:
    """A difference that is refused is followed by the whole list (D01.FR.03); one refused for ever is told."""
    told = status or said(result)
    if status == "NotSupported" or result.error_code in ("NotSupported", "NotImplemented"):
        return await work.fail("unsupported", f"the station keeps no list: {told}")
    work.state["repairs"] = repairs = work.state.get("repairs", 0) + 1
    if repairs > _MOST_REPAIRS:
        sent, total = work.state.get("sent", 0), work.state.get("total", 0)
        what = "the whole list" if message.full else "a difference"
        work.row = attrs.evolve(work.row, version=None)
        return await work.fail(
            "failed", f"the station refused {what} again and again ({told}) after {sent} of {total} entries; "
            "look at its frames, lower `items_per_message.send_local_list`, then POST …/sync",
        )  # fmt: skip
    work.state["full"] = True
    error = f"refused with {told} at version {message.number}; all of it is sent"
    await work.write("syncing", work.row.station_version, error)
    await work.keep(work.state)
    return Again(work.state, _LATER if message.full else timedelta(), error=error)


async def _well(work: _Sync, version: int, entries: int) -> Outcome:
    fresh = work.row.status != "synced" or work.state.get("sent")
    work.row = attrs.evolve(work.row, version=version)
    work.state.setdefault("total", entries)
    work.state["sent"] = work.state["total"]
    await work.write("synced", version)
    if fresh:
        told = LocalListSynced(
            station_id=work.station.id, station=work.station.identity, version=version, entries=entries,
            skipped=work.skipped,
        )  # fmt: skip
        await work.tools.record(work.tenant, work.station.id, work.tools.event(told))
    return Done({"version": version, "entries": entries, "skipped": work.skipped})


async def _wanted(work: _Sync) -> list[Entry]:
    """What the rule wants there, a page at a time so that nothing else waits for it.

    Without tokens whose customer's data was cleared there (N10.FR.02), unless those too are asked for.
    """
    off = await forgotten(work.tools, work.station)
    if work.state.pop("customers", False):
        await remembered(work.tools, work.station, off)
        off = set()
    unseen = set(off)
    station = Station(work.station.id, work.tenant, work.station.identity, work.version)
    found: list[Entry] = []
    after, now = "", work.tools.clock.now()
    while True:
        beyond = partial(rows.tokens_page, row=work.row, after=after, now=now, limit=_PAGE)
        page = await work.tools.database(work.tenant, beyond)
        for key, token in page:
            unseen.discard(key)
            if key in off:
                continue
            entry = entry_of(token, key, station, work.station.site, now)
            if entry is None:
                work.skipped += 1
            else:
                found.append(entry)
        if len(page) < _PAGE:
            await remembered(work.tools, work.station, unseen)
            return found
        after = page[-1][0]
        await trio.lowlevel.checkpoint()


async def _limits(work: _Sync) -> Told:
    """What the station told of its list; asked for once where it never did."""
    told = await _told(work)
    if not told.known and not work.state.get("asked"):
        work.state["asked"] = True
        await work.ask(*question(work.version))
        told = await _told(work)
    return told


async def _told(work: _Sync) -> Told:
    found = await work.tools.database(
        work.tenant, lambda connection: connection.fetch(sql("web_local_list_limits"), work.station.id)
    )
    override = (work.station.settings.get("items_per_message") or {}).get("send_local_list")
    return told_of([dict(each) for each in found], override)


def _noted(message: Message) -> dict[str, Any]:
    entries = [[each.uid_key, each.uid, each.type, each.digest] for each in message.entries]
    return {"number": message.number, "full": message.full, "entries": entries, "gone": list(message.gone)}


async def _settle_doubt(work: _Sync, theirs: int) -> None:
    """A message whose answer was lost: the station's version says whether it was taken."""
    doubt = work.state.pop("doubt", None)
    if doubt is None or doubt["number"] != theirs or work.row.version == theirs:
        return
    entries = tuple(Entry(key, uid, kind, {}, digest) for key, uid, kind, digest in doubt["entries"])
    await _take(work, Message(doubt["full"], doubt["number"], entries, tuple(doubt["gone"])))


def _number(result: CommandResult) -> int | None:
    if result.status != "answered" or not isinstance(result.payload, dict):
        return None
    found = result.payload.get("listVersion", result.payload.get("versionNumber"))
    return found if isinstance(found, int) else None


async def refresh(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """Tokens or rules have changed: lists that follow them are compared, and brought up to date where they differ."""
    after: UUID | None = None
    begun = 0
    missed = False
    while True:
        page = await tools.database(job.tenant_id, partial(rows.stations_with_lists, after=after))
        for station_id in page:
            now = tools.clock.now()
            made = NewJob(
                job.tenant_id, tools.new_id(), SYNC, str(station_id), station_id, f"local-lists/{station_id}", now, now,
                requested_by=job.requested_by, request_id=job.request_id,
            )  # fmt: skip
            if await tools.begin(made):
                begun += 1
            else:
                missed = True  # one is under way, and may have read what was before
        if not page:
            break
        after = page[-1]
    if missed and not job.state.get("second"):
        return Again({"second": True}, CALM * 2)
    return Done({"begun": begun})


HANDLERS: Final[Handlers] = {
    SYNC: Handler(sync, deadline=180.0),
    REFRESH: Handler(refresh, deadline=120.0),
}
