"""Monitors, event streams and customer information on the station's side (2.0.1, N02 to N10; 2.1, N11 to N15)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import attrs

from simulators.station.acting import Acts
from simulators.station.charging import NotPossible
from simulators.station.maintenance import say
from simulators.station.outbox import JsonObject, Outgoing

if TYPE_CHECKING:
    from simulators.station.station import Station

_CRITERIA: Final = {
    "UpperThreshold": "ThresholdMonitoring", "LowerThreshold": "ThresholdMonitoring", "Delta": "DeltaMonitoring",
    "TargetDelta": "DeltaMonitoring", "TargetDeltaRelative": "DeltaMonitoring", "Periodic": "PeriodicMonitoring",
    "PeriodicClockAligned": "PeriodicMonitoring",
}  # fmt: skip
MOST: Final = 100
_A_PART: Final = 2


@attrs.define
class Monitor:
    """One monitor and the last value it told of."""

    id: int
    data: JsonObject
    told: float | None = None
    high: bool = False
    stream: int | None = None


@attrs.define
class Watch:
    """All that is watched."""

    monitors: dict[int, Monitor] = attrs.Factory(dict)
    level: int = 8
    events: int = 0
    next_id: int = 1
    streams: dict[int, JsonObject] = attrs.Factory(dict)
    values: dict[int, list[tuple[datetime, str]]] = attrs.Factory(dict)


def set_monitors(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """N04: results in the order of the request."""
    return {"setMonitoringResult": [_set(station, data, now) for data in payload["setMonitoringData"]]}


def _set(station: "Station", data: JsonObject, now: datetime) -> JsonObject:
    watch = station.watch
    result = {name: data[name] for name in ("type", "severity", "component", "variable")}
    alike = [m for m in watch.monitors.values() if _same(m.data, data) and m.id != data.get("id")]
    if "id" in data and data["id"] not in watch.monitors:
        return result | {"status": "Rejected"}
    if any(m.data["type"] == data["type"] and m.data["severity"] == data["severity"] for m in alike):
        return result | {"status": "Duplicate"}
    if len(watch.monitors) >= MOST or (data["type"] == "Delta" and data["value"] < 0):
        return result | {"status": "Rejected"}
    number = data.get("id", watch.next_id)
    watch.next_id = max(watch.next_id, number + 1)
    monitor = watch.monitors[number] = Monitor(number, data)
    if data.get("periodicEventStream") is not None:
        _open(station, monitor)
    elif data["type"].startswith("Periodic"):
        _periodic(station, monitor)
    return result | {"status": "Accepted", "id": number}


def _same(one: JsonObject, other: JsonObject) -> bool:
    return bool(one["component"] == other["component"] and one["variable"] == other["variable"])


def clear_monitors(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """N06; its stream closes with it (N13.FR.05)."""
    results = []
    for number in payload["id"]:
        monitor = station.watch.monitors.pop(number, None)
        if monitor is not None and monitor.stream is not None:
            close_stream(station, monitor.stream, now)
        results.append({"id": number, "status": "NotFound" if monitor is None else "Accepted"})
    return {"clearMonitoringResult": results}


def set_base(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """N03: custom monitors go, unless all are wanted."""
    if payload["monitoringBase"] != "All":
        clear_monitors(station, {"id": list(station.watch.monitors)}, now)
    return {"status": "Accepted"}


def set_level(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """N05."""
    station.watch.level = payload["severity"]
    return {"status": "Accepted"}


def get_report(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """N02: in parts."""
    criteria = payload.get("monitoringCriteria")
    found = [m for m in station.watch.monitors.values() if not criteria or _CRITERIA[m.data["type"]] in criteria]
    wanted = payload.get("componentVariable")
    if wanted:
        found = [m for m in found if any(w["component"]["name"] == m.data["component"]["name"] for w in wanted)]
    if not found:
        return {"status": "EmptyResultSet"}
    parts = [found[at : at + _A_PART] for at in range(0, len(found), _A_PART)]
    for number, part in enumerate(parts):
        say(station, "NotifyMonitoringReport", {
            "requestId": payload["requestId"], "seqNo": number, "tbc": number < len(parts) - 1,
            "generatedAt": station.stamp(now), "monitor": [_reported(station, each) for each in part],
        })  # fmt: skip
    return {"status": "Accepted"}


def _reported(station: "Station", monitor: Monitor) -> JsonObject:
    data = monitor.data
    told: JsonObject = {
        "id": monitor.id, "transaction": data.get("transaction", False), "value": data["value"], "type": data["type"],
        "severity": data["severity"],
    }  # fmt: skip
    if station.config.version.value == "2.1":
        told["eventNotificationType"] = "CustomMonitor"
    return {"component": data["component"], "variable": data["variable"], "variableMonitoring": [told]}


def measured(station: "Station", component: str, variable: str, value: float, now: datetime) -> None:
    """A variable has a new value: monitors that it concerns fire, or clear (N07.FR.02)."""
    for monitor in list(station.watch.monitors.values()):
        data = monitor.data
        if (data["component"]["name"], data["variable"]["name"]) != (component, variable):
            continue
        kind, limit = data["type"], float(data["value"])
        if monitor.stream is not None:
            _stream_value(station, monitor.stream, value, now)
        elif kind.endswith("Threshold"):
            over = value > limit if kind == "UpperThreshold" else value < limit
            if over != monitor.high:
                monitor.high = over
                _fire(station, monitor, value, now, "Alerting", cleared=not over)
        elif "Delta" in kind and (monitor.told is None or abs(value - monitor.told) >= limit):
            monitor.told = value
            _fire(station, monitor, value, now, "Delta")
        else:
            monitor.told = value


def _fire(
    station: "Station", monitor: Monitor, value: float, now: datetime, trigger: str, *, cleared: bool | None = None
) -> None:
    watch = station.watch
    if monitor.data["severity"] > watch.level:
        return
    watch.events += 1
    event: JsonObject = {
        "eventId": watch.events, "timestamp": station.stamp(now), "trigger": trigger, "actualValue": f"{value:g}",
        "component": monitor.data["component"], "variable": monitor.data["variable"],
        "eventNotificationType": "CustomMonitor", "variableMonitoringId": monitor.id,
    }  # fmt: skip
    if cleared:
        event["cleared"] = True
    say(station, "NotifyEvent", {"generatedAt": station.stamp(now), "seqNo": 0, "eventData": [event]})


def _periodic(station: "Station", monitor: Monitor) -> None:
    def tell(now: datetime) -> None:
        if station.watch.monitors.get(monitor.id) is monitor:
            _fire(station, monitor, monitor.told or 0.0, now, "Periodic")
            station.after(float(monitor.data["value"]), tell)

    station.after(float(monitor.data["value"]), tell)


# Streams


def _open(station: "Station", monitor: Monitor) -> None:
    """N11: asked for; what follows depends on the answer."""
    number = max(station.watch.streams, default=0) + 1
    constant: JsonObject = {
        "id": number, "variableMonitoringId": monitor.id, "params": monitor.data["periodicEventStream"]
    }  # fmt: skip

    def answered(answer: JsonObject | None, failure: Any, now: datetime) -> None:
        if answer is not None and answer["status"] == "Accepted":
            station.watch.streams[number] = constant
            station.watch.values[number] = []
            monitor.stream = number

    station.outbox.put(Outgoing("OpenPeriodicEventStream", lambda: {"constantStreamData": constant}, done=answered))


def _stream_value(station: "Station", number: int, value: float, now: datetime) -> None:
    """N15.FR.08: sent as soon as there are as many as agreed."""
    waiting = station.watch.values[number]
    waiting.append((now, f"{value:g}"))
    most = station.watch.streams[number]["params"].get("values") or 1
    if len(waiting) >= most:
        _send_values(station, number)


def _send_values(station: "Station", number: int) -> None:
    """By SEND (N15.FR.01); offsets from the first value's time (N15.FR.09)."""
    waiting = station.watch.values[number]
    if not waiting or not station.online:
        return
    base = waiting[0][0]
    data = [{"t": (at - base) / timedelta(seconds=1), "v": value} for at, value in waiting]
    told = {"id": number, "pending": 0, "basetime": station.stamp(base), "data": data}
    station.sends.append(("NotifyPeriodicEventStream", told))
    waiting.clear()


def close_stream(station: "Station", number: int, now: datetime) -> None:
    """N13.FR.01, N13.FR.03: what is held back goes first."""
    if number in station.watch.streams:
        _send_values(station, number)
        del station.watch.streams[number], station.watch.values[number]
        say(station, "ClosePeriodicEventStream", {"id": number})


def adjust_stream(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """N14."""
    stream = station.watch.streams.get(payload["id"])
    if stream is None:
        return {"status": "Rejected"}
    stream["params"] = stream["params"] | payload["params"]
    return {"status": "Accepted"}


def list_streams(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """N12."""
    streams = list(station.watch.streams.values())
    return {"constantStreamData": streams} if streams else {}


# Customers


def customer_information(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """N09, N10: what the local list and the cache hold of a token, in parts; cleared when asked."""
    if not {"idToken", "customerCertificate", "customerIdentifier"} & payload.keys():
        return {"status": "Invalid"}
    who = str(payload.get("idToken", {}).get("idToken", payload.get("customerIdentifier", "")))
    text = f"customer {who} of {station.config.identity}" if payload["report"] else ""
    if payload["clear"]:
        station.authority.clear_cache()
        text = text or "cleared"
    parts = [text[at : at + 20] for at in range(0, len(text), 20)] or [""]
    for number, part in enumerate(parts):
        say(station, "NotifyCustomerInformation", {
            "data": part, "seqNo": number, "tbc": number < len(parts) - 1, "generatedAt": station.stamp(now),
            "requestId": payload["requestId"],
        })  # fmt: skip
    return {"status": "Accepted"}


def _measure(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act measure COMPONENT VARIABLE VALUE`: a variable has that value; monitors watch it."""
    try:
        component, variable, value = words
        number = float(value)
    except ValueError:
        raise NotPossible("measure takes a component, a variable and a number") from None
    measured(station, component, variable, number, now)


ACTS: Acts = {"measure": _measure}
HANDLERS = {
    "SetVariableMonitoring": set_monitors, "ClearVariableMonitoring": clear_monitors, "SetMonitoringBase": set_base,
    "SetMonitoringLevel": set_level, "GetMonitoringReport": get_report, "CustomerInformation": customer_information,
}  # fmt: skip
HANDLERS_21 = {"AdjustPeriodicEventStream": adjust_stream, "GetPeriodicEventStream": list_streams}
