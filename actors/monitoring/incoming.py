"""What monitors tell: events and reports. Pure.

OCPP 2.0.1 Part 2, N02, N07.FR.03, N08.FR.02, G05.FR.03 (an empty answer).
"""

from typing import Any, Final

from actors.monitoring.objects import MONITOR, REPORT, level
from actors.records import MonitorEventRecord
from actors.station.heard import EMPTY, Heard, Incoming
from actors.station.work import Work
from protocol.events.types import MonitorAlerted, make
from protocol.ocpp import neutral


def _event(work: Work, heard: Heard) -> neutral.Reply:
    """Every eventData is kept; all but periodic readings are alerts."""
    for typed, told in zip(heard.payload.eventData, heard.json["eventData"], strict=True):
        at, _ = work.corrected(typed.timestamp)
        received = work.received()
        record = MonitorEventRecord(
            work.new_id(), told["eventId"], at, told["trigger"], told["eventNotificationType"], told["component"],
            told["variable"], told["actualValue"], bool(told.get("cleared", False)), told.get("variableMonitoringId"),
            told.get("severity"), told.get("cause"), told.get("techCode"), told.get("techInfo"),
            told.get("transactionId"), received,
        )  # fmt: skip
        work.records.append(record)
        if record.trigger != "Periodic":
            work.event(make(_alert(heard, record)))
    return EMPTY


def _alert(heard: Heard, record: MonitorEventRecord) -> MonitorAlerted:
    evse: Any = record.component.get("evse") or {}
    return MonitorAlerted(
        station_id=heard.station.id,
        station=heard.station.identity,
        alert_id=record.id,
        component=record.component["name"],
        variable=record.variable["name"],
        value=record.actual_value,
        trigger=record.trigger,
        cleared=record.cleared,
        at=record.at,
        severity=record.severity,
        level=level(record.severity),
        monitor=record.monitor_id,
        evse=evse.get("id"),
        text=record.tech_info,
    )


def _report(work: Work, heard: Heard) -> neutral.Reply:
    """Monitors come in parts; those of a whole report that we asked for without a filter are all that the station has.

    When nobody knows what it was asked for, as after a restart of the node, nothing is taken away.
    """
    told, station = heard.json, heard.station
    number = told["requestId"]
    keys = []
    for item in told.get("monitor") or ():
        for monitor in item["variableMonitoring"]:
            key = str(monitor["id"])
            keys.append(key)
            data = {
                "component": item["component"], "variable": item["variable"], "type": monitor["type"],
                "value": monitor["value"], "severity": monitor["severity"], "transaction": monitor["transaction"],
                "notification": monitor.get("eventNotificationType"),
            }  # fmt: skip
            work.object(station, MONITOR, key, data)
    whole = work.part(heard.action, number, told["seqNo"], bool(told.get("tbc", False)), keys)
    data = {"parts": len(whole.seen), "missing": whole.missing, "complete": whole.complete, "monitors": len(whole.keys)}
    work.object(station, REPORT, str(number), data, "Reported" if whole.complete else "Reporting")
    prompt = heard.answers.prompt
    if whole.complete and prompt is not None and prompt.about.get("kind") == "full":
        work.only(MONITOR, whole.keys)
    return EMPTY


INCOMING: Final[Incoming] = {"NotifyEvent": _event, "NotifyMonitoringReport": _report}
