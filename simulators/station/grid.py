"""DER controls, alarms, the aFRR signal and allowed energy transfers, as a station handles them.

OCPP 2.1 Part 2, R04, R05, Q02.FR.06, Q08.FR.06, Q08.FR.10, Q08.FR.11.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from simulators.station import smart
from simulators.station.acting import Acts
from simulators.station.charging import NotPossible
from simulators.station.dialect import Handler, moment
from simulators.station.grid_state import Control
from simulators.station.outbox import JsonObject, Outgoing

if TYPE_CHECKING:
    from simulators.station.station import Station

_ACCEPTED: Final[JsonObject] = {"status": "Accepted"}
_REJECTED: Final[JsonObject] = {"status": "Rejected"}
_NOT_FOUND: Final[JsonObject] = {"status": "NotFound"}
_FIELDS: Final = {
    "EnterService": "enterService", "FreqDroop": "freqDroop", "FixedPFAbsorb": "fixedPFAbsorb",
    "FixedPFInject": "fixedPFInject", "FixedVar": "fixedVar", "Gradients": "gradient",
    "LimitMaxDischarge": "limitMaxDischarge",
}  # fmt: skip
_ALL_FIELDS: Final = ("curve", *_FIELDS.values())
_INNER: Final = {"fixedPFAbsorb": "fixedPF", "fixedPFInject": "fixedPF"}
_A_MESSAGE: Final = 3  # controls in one message of a report, so that reports have parts


def _supports(station: "Station", kind: str) -> bool:
    return station.grid.supported is None or kind in station.grid.supported


def _set(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """SetDERControl (R04.FR.01 to R04.FR.08, R04.FR.13, R04.FR.15, R04.FR.17)."""
    kind, is_default = payload["controlType"], payload["isDefault"]
    if not _supports(station, kind):
        return {"status": "NotSupported"}
    field = _FIELDS.get(kind, "curve")
    given = [name for name in _ALL_FIELDS if name in payload]
    timed = [name for name in ("startTime", "duration") if given and name in payload[given[0]]]
    if given != [field] or (is_default and timed) or (not is_default and kind in ("EnterService", "Gradients")):
        return _REJECTED
    raw = payload[field]
    new = Control(payload["controlId"], kind, is_default, raw, moment(raw.get("startTime")), raw.get("duration", 0.0))
    superseded = _supersede(station, new)
    station.grid.controls[new.id] = new
    if not is_default:
        _plan(station, new, now)
    return _ACCEPTED | ({"supersededIds": superseded} if superseded else {})


def _supersede(station: "Station", new: Control) -> list[str]:
    """Who gives way at once; an active control stays until the new one begins (R04.FR.07)."""
    gone: list[str] = []
    for other in station.grid.controls.values():
        alike = other.kind == new.kind and other.is_default == new.is_default
        if not alike or other.superseded or other.id == new.id:
            continue
        if other.priority < new.priority:
            new.superseded = True
            gone.append(new.id)
        elif not other.active:
            other.superseded = True
            gone.append(other.id)
    return gone


def _plan(station: "Station", control: Control, now: datetime) -> None:
    wait = 0.0 if control.start is None else max(0.0, (control.start - now).total_seconds())
    station.after(wait, lambda at: _begin(station, control, at))
    station.after(wait + control.duration_s, lambda at: _end(station, control, at))


def _begin(station: "Station", control: Control, now: datetime) -> None:
    """R04.FR.20, R04.FR.21: what was active gives way to it."""
    if control.superseded or station.grid.controls.get(control.id) is not control:
        return
    others = [c for c in station.grid.controls.values() if c.kind == control.kind and c.active and c is not control]
    for other in others:
        other.active, other.superseded = False, True
    control.active = True
    _tell(station, control, [other.id for other in others], now, started=True)


def _end(station: "Station", control: Control, now: datetime) -> None:
    """R04.FR.10, R04.FR.22: it is over and forgotten."""
    if station.grid.controls.get(control.id) is not control:
        return
    del station.grid.controls[control.id]
    if control.active:
        _tell(station, control, [], now, started=False)


def _tell(station: "Station", control: Control, superseded: list[str], now: datetime, *, started: bool) -> None:
    payload: JsonObject = {"controlId": control.id, "started": started, "timestamp": station.stamp(now)}
    if superseded:
        payload["supersededIds"] = superseded
    _say(station, "NotifyDERStartStop", payload)


def _chosen(station: "Station", payload: JsonObject) -> list[Control]:
    """What is not named matches any."""
    kind, number, default = payload.get("controlType"), payload.get("controlId"), payload.get("isDefault")
    return [
        c for c in station.grid.controls.values()
        if kind in (None, c.kind) and number in (None, c.id) and default in (None, c.is_default)
    ]  # fmt: skip


def _get(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """GetDERControl (R04.FR.30 to R04.FR.37)."""
    if payload.get("controlType") is not None and not _supports(station, payload["controlType"]):
        return {"status": "NotSupported"}
    found = _chosen(station, payload)
    if not found:
        return _NOT_FOUND
    parts = [found[first : first + _A_MESSAGE] for first in range(0, len(found), _A_MESSAGE)]
    for number, part in enumerate(parts):
        message: dict[str, Any] = {"requestId": payload["requestId"]}
        for control in part:
            field = _FIELDS.get(control.kind, "curve")
            message.setdefault(field, []).append(_item(control, field))
        if number < len(parts) - 1:
            message["tbc"] = True
        _say(station, "ReportDERControl", message)
    return _ACCEPTED


def _item(control: Control, field: str) -> JsonObject:
    item: JsonObject = {"id": control.id, _INNER.get(field, field): control.control}
    if field in ("enterService", "gradient"):
        return item
    item |= {"isDefault": control.is_default, "isSuperseded": control.superseded}
    return item | ({"curveType": control.kind} if field == "curve" else {})


def _clear(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """ClearDERControl (R04.FR.41 to R04.FR.46)."""
    if payload.get("controlType") is not None and not _supports(station, payload["controlType"]):
        return {"status": "NotSupported"}
    found = _chosen(station, payload)
    if not found and payload.keys() & {"controlType", "controlId"}:
        return _NOT_FOUND
    for control in found:
        del station.grid.controls[control.id]
    return _ACCEPTED


def alarm(station: "Station", kind: str, fault: str, now: datetime) -> None:
    """A control makes the station deviate (R05.FR.01, R05.FR.03)."""
    station.grid.alarm = kind
    _say(station, "NotifyDERAlarm", {"controlType": kind, "gridEventFault": fault, "timestamp": station.stamp(now)})


def end_alarm(station: "Station", now: datetime) -> None:
    """It no longer deviates (R05.FR.02)."""
    if station.grid.alarm is None:
        raise NotPossible("no alarm is on")
    kind, station.grid.alarm = station.grid.alarm, None
    _say(station, "NotifyDERAlarm", {"controlType": kind, "alarmEnded": True, "timestamp": station.stamp(now)})


def _afrr(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """AFRRSignal: moves the setpoint of a profile with a signal curve (Q08.FR.10, Q08.FR.11)."""
    before, station.grid.signal = station.grid.signal, payload["signal"]
    if not follow_frequency(station, now):
        station.grid.signal = before
        return _REJECTED | {"statusInfo": {"reasonCode": "NoSignalWattCurve"}}
    return _ACCEPTED


def follow_frequency(station: "Station", now: datetime) -> bool:
    """New setpoints of LocalFrequency: baseline and both curves (Q08.FR.06). False: no profile has a signal curve."""
    found = False
    for profile in list(station.profiles):
        periods = ((profile.raw or {}).get("chargingSchedule") or [{}])[0].get("chargingSchedulePeriod") or [{}]
        period = periods[0]
        if period.get("operationMode") != "LocalFrequency":
            continue
        setpoint = period["v2xBaseline"] + _between(period["v2xFreqWattCurve"], "frequency", station.grid.frequency)
        if "v2xSignalWattCurve" in period:
            found = True
            setpoint += _between(period["v2xSignalWattCurve"], "signal", station.grid.signal)
        smart.steer(station, profile, setpoint)
    return found


def _between(curve: list[JsonObject], axis: str, at: float) -> float:
    """The power at a point of a curve: straight lines between its points, level beyond them."""
    points = sorted((float(p[axis]), float(p["power"])) for p in curve)
    if at <= points[0][0]:
        return points[0][1]
    for (x, y), (next_x, next_y) in pairwise(points):
        if at <= next_x:
            return y + (next_y - y) * (at - x) / (next_x - x) if next_x > x else next_y
    return points[-1][1]


def _allowed(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """NotifyAllowedEnergyTransfer: the vehicle is asked again, and tells its needs (Q02.FR.06, Q02.FR.07)."""
    for outlet in station.outlets.values():
        if outlet.transaction is not None and outlet.transaction.id == payload["transactionId"]:
            station.grid.allowed[payload["transactionId"]] = payload["allowedEnergyTransfer"]
            smart.tell_needs(station, outlet.number, now)
            return _ACCEPTED
    return _REJECTED


def _say(station: "Station", action: str, payload: JsonObject) -> None:
    station.outbox.put(Outgoing(action, lambda: payload))


def _act_alarm(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act der-alarm TYPE FAULT`: a grid control makes the station deviate."""
    if len(words) < 2:
        raise NotPossible("write: der-alarm TYPE FAULT")
    alarm(station, words[0], words[1], now)


def _act_end_alarm(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act end-der-alarm`: it no longer deviates."""
    end_alarm(station, now)


def _act_frequency(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act grid-frequency HERTZ`: what the station measures, for LocalFrequency."""
    try:
        station.grid.frequency = float(words[0])
    except (IndexError, ValueError):
        raise NotPossible("write: grid-frequency HERTZ") from None
    follow_frequency(station, now)


ACTS: Final[Acts] = {
    "der-alarm": _act_alarm,
    "end-der-alarm": _act_end_alarm,
    "grid-frequency": _act_frequency,
}
HANDLERS: Final[dict[str, Handler]] = {
    "SetDERControl": _set,
    "GetDERControl": _get,
    "ClearDERControl": _clear,
    "AFRRSignal": _afrr,
    "NotifyAllowedEnergyTransfer": _allowed,
}
