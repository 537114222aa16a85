"""What the answers to monitoring commands tell. Pure. OCPP 2.0.1 Part 2, N03 to N06; N02.FR.04 (EmptyResultSet)."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from actors.monitoring.objects import MONITOR, REPORT, SETTING
from actors.records import Record
from actors.station.exchange import Exchange, Learned


def _asked(exchange: Exchange, name: str) -> Any:
    return exchange.request.get(name) if isinstance(exchange.request, Mapping) else None


def _set(exchange: Exchange) -> Iterable[Record]:
    """Answers stand in the order of the request (N04.FR.01); each accepted one is a monitor by the id it got."""
    asked = _asked(exchange, "setMonitoringData")
    results = exchange.answer.get("setMonitoringResult") or ()
    if not isinstance(asked, list) or len(asked) != len(results):
        return
    for wanted, got in zip(asked, results, strict=True):
        if got["status"] != "Accepted" or got.get("id") is None or not isinstance(wanted, Mapping):
            continue
        data = {
            "component": got["component"], "variable": got["variable"], "type": got["type"],
            "value": wanted.get("value"), "severity": got["severity"],
            "transaction": bool(wanted.get("transaction", False)), "notification": "CustomMonitor",
        }  # fmt: skip
        if wanted.get("periodicEventStream") is not None:
            data["stream"] = wanted["periodicEventStream"]
        yield from exchange.object(MONITOR, str(got["id"]), data)


def _cleared(exchange: Exchange) -> Iterable[Record]:
    """`NotFound` is gone as well (N06.FR.02)."""
    for got in exchange.answer.get("clearMonitoringResult") or ():
        if got["status"] in ("Accepted", "NotFound"):
            yield from exchange.object(MONITOR, str(got["id"]), {}, removed=True)


def _base(exchange: Exchange) -> Iterable[Record]:
    """Which monitors there are has changed (N03.FR.04, N03.FR.05): the station is asked for the list."""
    if exchange.accepted:
        yield from exchange.object(SETTING, "base", {"value": _asked(exchange, "monitoringBase")})
        yield exchange.job("monitoring-report", {}, key=str(exchange.station.id))


def _level(exchange: Exchange) -> Iterable[Record]:
    if exchange.accepted:
        yield from exchange.object(SETTING, "level", {"value": _asked(exchange, "severity")})


def _report(exchange: Exchange) -> Iterable[Record]:
    """An accepted one is told by its parts; the others end here."""
    number = _asked(exchange, "requestId")
    if isinstance(number, int) and not exchange.accepted:
        yield from exchange.object(REPORT, str(number), {"parts": 0, "complete": True}, exchange.status)


LEARN: Final[Learned] = {
    "SetVariableMonitoring": _set,
    "ClearVariableMonitoring": _cleared,
    "SetMonitoringBase": _base,
    "SetMonitoringLevel": _level,
    "GetMonitoringReport": _report,
}
