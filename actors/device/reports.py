"""Reports of variables, assembled from parts that come in any order, twice or never. Pure.

OCPP 2.0.1 Part 2, B07 and B08. A part's variables are stored with the part, so nothing waits for the end; the end says
what a full inventory no longer lists. A report of which nothing comes for ten minutes, or that never ends, is
incomplete: then nothing is taken for gone.
"""

from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from actors.device.objects import REPORT, report_data, report_key
from actors.device.prompts import Prompt
from actors.device.ratings import rated
from actors.records import StationObjectRecord, VariableRecord, VariablesSweptRecord
from actors.report.assembly import MOST_PARTS, SILENCE, Assembly, silent
from actors.station.state import StationState
from actors.station.who import Station
from actors.station.work import Work
from protocol.events import types as events
from protocol.ocpp import neutral
from protocol.redact import redact_payload

LONGEST: Final = timedelta(hours=2)
MOST_VARIABLES: Final = 100_000
"""Attributes in one report; real device models have some thousands."""
_FINISHED_KEPT: Final = 16


def part(station: Station, work: Work, message: neutral.VariablesReported, prompt: Prompt | None) -> None:
    """One NotifyReport: its variables are kept, and the report they belong to comes further or ends.

    A request of ours with the same number begins a new report. Without one, parts of a report that has ended are
    repeats, since the answer to them was lost, or go on for ever: they change nothing.
    """
    name = f"NotifyReport/{message.request_id}"
    known = _under_way(work, name, prompt)
    ended = work.state.finished.get(name)
    if known is None and ended is not None and (prompt is None or prompt.at <= ended):
        return
    if _endless(known, message, work):
        if known is not None:
            _over(station, work, known, "endless")
        return
    _keep(work, message)
    assembly = work.part("NotifyReport", message.request_id, message.seq_no, message.more_follows)
    assembly = replace(assembly, items=assembly.items + len(message.items))
    if known is None:
        assembly = replace(assembly, about={} if prompt is None else prompt.about)
    if assembly.complete:
        _complete(station, work, assembly)
        return
    work.state = replace(work.state, assemblies={**work.state.assemblies, name: assembly})
    if known is None:
        work.object(station, REPORT, report_key(assembly), report_data(assembly, assembly.about), "running")
    else:  # without an event: a report may have hundreds of parts
        data = report_data(assembly, assembly.about)
        work.records.append(StationObjectRecord(REPORT, report_key(assembly), "running", data, work.received()))


def _under_way(work: Work, name: str, prompt: Prompt | None) -> Assembly | None:
    known = work.state.assemblies.get(name)
    if known is None or prompt is None or prompt.at <= known.began_at:
        return known
    left = {other: each for other, each in work.state.assemblies.items() if other != name}
    work.state = replace(work.state, assemblies=left)
    return None


def _keep(work: Work, message: neutral.VariablesReported) -> None:
    now = work.received()
    work.state = replace(work.state, ratings=rated(work.state.ratings, message.items))
    for item in message.items:
        value = None if item.value is None else _shown_value(item, item.value)
        work.records.append(VariableRecord(item.component, item.variable, item.attribute_type, value, item.detail, now))


def _shown_value(item: neutral.VariableSeen, value: str) -> str:
    """The value, hidden where the names beside it or the value itself say that it is a secret."""
    named = {"component": msgspec.json.decode(item.component), "variable": msgspec.json.decode(item.variable)}
    cleaned: Any = redact_payload("NotifyReport", named | {"value": value}, answer=False)
    shown: str = cleaned["value"]
    return shown


def _endless(known: Assembly | None, message: neutral.VariablesReported, work: Work) -> bool:
    if known is None:
        return message.seq_no >= MOST_PARTS or len(message.items) > MOST_VARIABLES
    listed = known.items + len(message.items)
    return message.seq_no >= MOST_PARTS or listed > MOST_VARIABLES or work.now - known.began_at >= LONGEST


def _complete(station: Station, work: Work, assembly: Assembly) -> None:
    if assembly.about.get("kind") == "full":  # B07.FR.14: the device model as it now is
        work.records.append(VariablesSweptRecord(assembly.began_at, work.now))
    _over(station, work, assembly, None)


def _finished(work: Work, assembly: Assembly, reason: str | None) -> None:
    left = {name: each for name, each in work.state.assemblies.items() if name != assembly.name}
    finished = dict(work.state.finished)
    if reason != "silent":  # what comes later all the same is worth having
        finished[assembly.name] = work.now
    while len(finished) > _FINISHED_KEPT:
        finished.pop(next(iter(finished)))
    work.state = replace(work.state, assemblies=left, finished=finished)


def _over(station: Station, work: Work, assembly: Assembly, reason: str | None) -> None:
    """Complete, or with a reason incomplete: what came is kept, what is missing is named."""
    _finished(work, assembly, reason)
    data = report_data(assembly, assembly.about, work.now, reason)
    work.object(station, REPORT, report_key(assembly), data, "complete" if reason is None else "incomplete")
    ended = events.ReportEnded(
        station_id=station.id, station=station.identity, request_id=assembly.request_id, complete=reason is None,
        kind=assembly.about.get("kind"), parts=len(assembly.seen), variables=assembly.items,
    )  # fmt: skip
    work.event(events.make(ended))


def end_silent(station: Station, work: Work) -> None:
    """Ends what is not completed any more, of whichever capability."""
    for assembly in list(work.state.assemblies.values()):
        if silent(assembly, work.now):
            _over(station, work, assembly, "silent")


def next_check(state: StationState) -> datetime | None:
    """When `end_silent` may next find something."""
    return min((assembly.at + SILENCE for assembly in state.assemblies.values()), default=None)
