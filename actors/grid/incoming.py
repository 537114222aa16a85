"""What stations say of grid controls. Pure. OCPP 2.1 Part 2, R04 (reports, start and stop) and R05 (alarms)."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from actors.grid import objects
from actors.grid.der_types import BY_FIELD, REPORTED
from actors.station.heard import EMPTY, Heard, Incoming
from actors.station.work import Work
from protocol.events import types as events
from protocol.events.grid import DerAlarmChanged, DerControlChanged
from protocol.ocpp import neutral

_REPORT: Final = "ReportDERControl"


def _reported(work: Work, heard: Heard) -> neutral.Reply:
    """One message of a report. With its last, what it was asked for and does not list is gone (R04.FR.31 to 35)."""
    told = heard.json
    work.report(heard.station, heard.action, told)
    asked: Mapping[str, Any] = heard.answers.outside or {}
    setters: Mapping[str, Any] = asked.get("set_by") or {}
    keys = []
    for data in _controls(told):
        key = data["id"]
        status = "superseded" if data["superseded"] else "installed"
        work.object(heard.station, objects.CONTROL, key, data | setters.get(key, {}), status)
        keys.append(key)
    request_id, more = told["requestId"], bool(told.get("tbc"))
    before = work.state.assemblies.get(f"{_REPORT}/{request_id}")
    assembly = work.part(_REPORT, request_id, 0 if before is None else len(before.seen), more, keys)
    criteria = asked.get("criteria")
    if assembly.complete and criteria is not None:
        match, named = meant(criteria)
        work.matching(objects.CONTROL, match, keys=named, keep=assembly.keys)
    return EMPTY


def _controls(told: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """All controls of one message as `data`. EnterService and Gradients are defaults always (R04.FR.14)."""
    for member, inner in REPORTED.items():
        for item in told.get(member) or ():
            kind = item.get("curveType") or BY_FIELD[member]
            yield objects.control_data(
                item["id"], kind, item.get("isDefault", True), item[inner],
                superseded=item.get("isSuperseded", False),
            )  # fmt: skip


def meant(criteria: Mapping[str, Any]) -> tuple[dict[str, Any], list[str] | None]:
    """(match, keys) of the controls that a GetDERControl or ClearDERControl names; what is missing matches any."""
    match: dict[str, Any] = {}
    if criteria.get("isDefault") is not None:
        match["default"] = criteria["isDefault"]
    if criteria.get("controlType") is not None:
        match["type"] = criteria["controlType"]
    number = criteria.get("controlId")
    return match, None if number is None else [str(number)]


def _alarm(work: Work, heard: Heard) -> neutral.Reply:
    """NotifyDERAlarm: one alarm at a time; another control that takes over replaces it (R05.FR.01 to R05.FR.04)."""
    told = heard.json
    work.report(heard.station, heard.action, told)
    kind, active = told["controlType"], not told.get("alarmEnded", False)
    data = {
        "type": kind, "fault": told.get("gridEventFault"), "at": told["timestamp"], "extra": told.get("extraInfo"),
    }  # fmt: skip
    if active:
        work.matching(objects.ALARM, {}, keep=[kind], status="ended")
        work.object(heard.station, objects.ALARM, kind, data, "active")
    else:
        work.gone(heard.station, objects.ALARM, kind, "ended")
    changed = DerAlarmChanged(
        station_id=heard.station.id, station=heard.station.identity, control_type=kind, active=active,
        fault=told.get("gridEventFault"), at=datetime.fromisoformat(told["timestamp"]),
    )  # fmt: skip
    work.event(events.make(changed))
    return EMPTY


def _started(work: Work, heard: Heard) -> neutral.Reply:
    """NotifyDERStartStop: a scheduled control began, or is over and gone (R04.FR.10, R04.FR.20 to R04.FR.22)."""
    told = heard.json
    work.report(heard.station, heard.action, told)
    number, started, ids = told["controlId"], told["started"], list(told.get("supersededIds") or ())
    status = "started" if started else "ended"
    data = {"id": number, "started": started, "at": told["timestamp"], "superseded": ids}
    work.object(heard.station, objects.STATE, number, data, status)
    if started:
        work.matching(objects.CONTROL, {}, keys=[number], status="active", removed=False)
    else:
        work.matching(objects.CONTROL, {}, keys=[number], status="ended")
    if ids:
        work.matching(objects.CONTROL, {}, keys=ids, status="superseded", removed=False)
    changed = DerControlChanged(
        station_id=heard.station.id, station=heard.station.identity, control_id=number, started=started,
        superseded=tuple(ids), at=datetime.fromisoformat(told["timestamp"]),
    )  # fmt: skip
    work.event(events.make(changed))
    return EMPTY


INCOMING: Final[Incoming] = {_REPORT: _reported, "NotifyDERAlarm": _alarm, "NotifyDERStartStop": _started}
