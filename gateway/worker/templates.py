"""Brings stations into line with their templates: reads, compares, writes what differs, reboots if it may, looks again.

Kinds: `apply-template` (asked for), `check-template` (after a boot, after a change, once a day), `provision` (before a
station is accepted) and `templates` (one a tenant: finds whom to check). What a station refuses is not sent to it again
until the template says another value.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import attrs

from actors.device.items import name_of, shown_value
from actors.ports import StationConfig
from actors.provisioning.templates import (
    Compared,
    Effective,
    Known,
    Wanted,
    compare,
    drift,
    to_write,
)
from actors.station.face import CommandResult, NeutralCommand
from gateway.worker.answers import not_now, said
from gateway.worker.outcome import Again, Connected, Done, Failed, Handler, Handlers, Keep, Outcome, Tools
from gateway.worker.variables import ask
from protocol.events.types import TemplateChecked, timestamp
from storage.jobs import Job, NewJob
from storage.pool import Connection
from storage.web import templates as rows
from storage.web.templates import Standing, Subject

EVERY: Final = timedelta(days=1)
"""How long a station is believed to be as it was checked."""
_LOOK: Final = timedelta(seconds=60)
_AT_ONCE: Final = 20  # stations begun with each look
_MOST_WAITS: Final = 20  # in a row, for a station that does not answer
_GONE: Final = frozenset(("UnknownComponent", "UnknownVariable", "UnknownKey", "NotSupportedAttributeType"))
_TAKEN: Final = frozenset(("Accepted", "RebootRequired"))


@attrs.frozen
class Check:
    """A station and what it was found to be. `known` is as read just now."""

    station: StationConfig
    subject: Subject
    effective: Effective
    known: dict[str, Known]

    @property
    def compared(self) -> list[Compared]:
        standing = self.subject.standing
        return compare(self.effective.wanted, self.known, standing.refused, standing.written)


async def apply(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """`state`: `dry_run`, `reboot` (over the template's own), and how far it is."""
    found = await _check(tools, job)
    if not isinstance(found, Check):
        return found
    if job.state.get("dry_run") or job.state.get("rebooted"):
        return await _end(tools, job, found, {})
    return await _write(tools, job, keep, found)


async def check(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """Corrects what differs where the template says so, else only tells."""
    found = await _check(tools, job)
    if not isinstance(found, Check):
        return found
    if found.effective.correction != "correct" or job.state.get("rebooted"):
        return await _end(tools, job, found, {})
    return await _write(tools, job, keep, found)


async def provision(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """As `apply`; when nothing is left to do, the station is accepted from its next boot on and asked for one."""
    station = await tools.station(job)
    if station is not None and station.settings.get("provisioned"):
        return Done({"provisioned": False})
    outcome = await apply(tools, job, keep)
    if not isinstance(outcome, Done) or station is None:
        return outcome
    result = outcome.result or {}
    if result.get("refused") or result.get("reboot_required") or result.get("drift"):
        told = "the station does not take its template, so it stays pending; see `result`, then change the template"
        return Failed(f"{told} or set `admission`", result)
    now = timestamp(tools.clock.now())
    await tools.database(job.tenant_id, lambda connection: rows.mark_provisioned(connection, station.id, now))
    await tools.stations.reconfigured(station.id)
    await tools.begin(_job(tools, job, "ask-boot", station.id))
    return Done(result | {"provisioned": True})


async def _check(tools: Tools, job: Job) -> Check | Outcome:
    """Reads what the template names. An outcome: there is nothing to do, or not now."""
    there = await tools.connected(job)
    if not isinstance(there, Connected):
        return there
    station = there.station
    if _still_to_reboot(job, there.live.boot or {}, tools.clock.now()):
        return Again(job.state, after=_LOOK)

    async def look(connection: Connection) -> tuple[Subject | None, Effective | None]:
        subject = await rows.read_subject(connection, station.id)
        if subject is None:
            return None, None
        return subject, subject.effective(await rows.read_enabled(connection))

    subject, effective = await tools.database(job.tenant_id, look)
    if subject is None or effective is None or subject.version is None:
        return Failed("the station never connected, so its version is not known")
    readable = [
        each.item for each in effective.wanted
        if (known := subject.known.get(each.name)) is None or known.mutability != "WriteOnly"
    ]  # fmt: skip
    asked = await ask(tools, job, station, subject.version, "read", readable)
    if asked.stopped is not None:
        return _later(job, asked.stopped)
    return Check(station, subject, effective, _seen(subject.known, asked.items))


def _still_to_reboot(job: Job, boot: Mapping[str, Any], now: datetime) -> bool:
    """It has taken our reset and not booted since; one that resets when idle may take a day, then we look anyway."""
    since = job.state.get("rebooted")
    if since is None:
        return False
    reset = datetime.fromisoformat(since)
    told = boot.get("at")
    booted = told is not None and datetime.fromisoformat(str(told)) >= reset
    return not booted and now - reset < EVERY


def _seen(known: Mapping[str, Known], items: list[dict[str, Any]]) -> dict[str, Known]:
    """What is known with what was read just now on top."""
    found = dict(known)
    for item in items:
        name, status = name_of(item), item.get("status")
        before = found.get(name) or Known(None, None, None)
        if status in _GONE:
            found[name] = Known(None, before.mutability, before.data_type, gone=True)
        elif status == "Accepted":
            mutability = before.mutability
            if item.get("readonly") is not None:
                mutability = "ReadOnly" if item["readonly"] else "ReadWrite"
            found[name] = Known(item.get("value"), mutability, before.data_type)
        elif status == "Rejected":  # B06.FR.09: what is read of a write-only variable is rejected
            found[name] = Known(None, before.mutability or "WriteOnly", before.data_type)
    return found


async def _write(tools: Tools, job: Job, keep: Keep, found: Check) -> Outcome:
    version = found.subject.version
    assert version is not None  # _check has seen to it
    wanted = to_write(found.compared)
    await keep(job.state)
    items = [_set(each) for each in wanted]
    asked = await ask(tools, job, found.station, version, "write", items)
    statuses = {name_of(item): str(item.get("status")) for item in asked.items}
    standing = _standing(found.subject.standing, wanted, statuses, found.known)
    found = attrs.evolve(found, subject=attrs.evolve(found.subject, standing=standing))
    if asked.stopped is not None:
        await _keep_standing(tools, job, found, drift(found.compared))
        return _later(job, asked.stopped)
    needs_reboot = "RebootRequired" in statuses.values()
    reboot = job.state.get("reboot") or found.effective.reboot
    if needs_reboot and reboot != "never":
        return await _reboot(tools, job, keep, found, statuses, reboot)
    return await _end(tools, job, found, statuses)


def _set(wanted: Wanted) -> dict[str, Any]:
    if "key" in wanted.item:
        return wanted.item | {"value": wanted.value}
    return wanted.item | {"attributeValue": wanted.value}


def _standing(
    before: Standing, wanted: list[Wanted], statuses: Mapping[str, str], known: Mapping[str, Known]
) -> Standing:
    """What it refused and what it took unseen, after these answers."""
    refused, written = dict(before.refused), dict(before.written)
    for each in wanted:
        status = statuses.get(each.name)
        if status is None or status == "NotAnswered":
            continue
        if status in _TAKEN:
            refused.pop(each.name, None)
            told = known.get(each.name)
            if told is not None and told.mutability == "WriteOnly":
                written[each.name] = each.value
        else:
            refused[each.name] = each.value
    return attrs.evolve(before, refused=refused, written=written)


async def _reboot(
    tools: Tools, job: Job, keep: Keep, found: Check, statuses: Mapping[str, str], reboot: str
) -> Outcome:
    """Once: what counts only then is looked at when the station is back."""
    state = job.state | {"rebooted": tools.clock.now().isoformat(), "statuses": dict(statuses)}
    await _keep_standing(tools, job, found, drift(found.compared))
    await keep(state)
    result = await tools.command(job, found.station, NeutralCommand("reset", {"kind": reboot}))
    if result.status == "answered" and result.outcome in ("accepted", "scheduled"):
        return Again(state, after=_LOOK)
    return await _end(tools, job, found, statuses)


async def _end(tools: Tools, job: Job, found: Check, now: Mapping[str, str]) -> Outcome:
    """Keeps how it stands, tells it, and says it item by item."""
    earlier: Mapping[str, str] = job.state.get("statuses") or {}
    statuses = now or earlier
    applied = bool(statuses)
    known = found.known
    if now:  # what was just taken is not read again: the answer says it
        taken = {each.name: each.value for each in found.effective.wanted if now.get(each.name) == "Accepted"}
        known = {
            name: Known(taken.get(name, each.value), each.mutability, each.data_type, each.gone)
            for name, each in known.items()
        } | {name: Known(value, None, None) for name, value in taken.items() if name not in known}
    found = attrs.evolve(found, known=known)
    compared = found.compared
    count = drift(compared)
    items = [_told(each, statuses.get(each.wanted.name)) for each in compared]
    written = sum(status in _TAKEN for status in statuses.values())
    refused = sum(each.standing == "refused" for each in compared)
    reboot = "RebootRequired" in now.values()
    await _keep_standing(tools, job, found, count, applied=applied)
    station = found.station
    if found.effective.wanted:
        told = TemplateChecked(
            station_id=station.id, station=station.identity, drift=count, written=written, refused=refused,
            reboot_required=reboot,
        )  # fmt: skip
        await tools.record(job.tenant_id, station.id, tools.event(told, job.request_id))
    return Done({
        "templates": list(found.effective.templates), "items": items, "drift": count, "written": written,
        "refused": refused, "reboot_required": reboot, "rebooted": bool(job.state.get("rebooted")),
        "dry_run": bool(job.state.get("dry_run")),
    })  # fmt: skip


def _told(each: Compared, status: str | None) -> dict[str, Any]:
    """One item of the result, without secrets."""
    item = each.wanted.item
    value, wanted = (shown_value(item, text) for text in (each.value, each.wanted.value))
    return item | {
        "template": each.wanted.template, "standing": each.standing, "value": value, "wanted": wanted,
        "status": status,
    }  # fmt: skip


async def _keep_standing(tools: Tools, job: Job, found: Check, count: int, *, applied: bool = False) -> None:
    now = tools.clock.now()
    standing = attrs.evolve(found.subject.standing, checked_at=now, applied_at=now if applied else None, drift=count)
    await tools.database(
        job.tenant_id,
        lambda connection: rows.keep_standing(connection, job.tenant_id, found.station.id, standing),
    )


def _later(job: Job, result: CommandResult) -> Outcome:
    """A message got no answer: go on when there is a chance of one, but not for ever."""
    later = not_now(job, result, job.state, repeat=True, pause=_LOOK, most=_MOST_WAITS)
    return later or Failed(f"the station could not be asked, {job.waits + 1} times: {said(result)}")


async def sweep(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """Begins checks of stations that need one, a few at a time; ends when there is no template."""
    before = tools.clock.now() - EVERY

    async def look(connection: Connection) -> list[Any] | None:
        if not await rows.read_enabled(connection):
            return None
        return await rows.stations_due(connection, before, _AT_ONCE)

    due = await tools.database(job.tenant_id, look)
    if due is None:
        return Done()
    for station_id in due:
        await tools.begin(_job(tools, job, "check-template", station_id))
    return Again({}, after=_LOOK)


def _job(tools: Tools, job: Job, kind: str, station_id: Any) -> NewJob:
    now = tools.clock.now()
    return NewJob(
        job.tenant_id, tools.new_id(), kind, str(station_id), station_id, None, now, now, request_id=job.request_id
    )


HANDLERS: Final[Handlers] = {
    "apply-template": Handler(apply, deadline=600.0),
    "check-template": Handler(check, deadline=600.0),
    "provision": Handler(provision, deadline=600.0),
    "templates": Handler(sweep, every=_LOOK),
}
