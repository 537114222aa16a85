"""Monitoring commands in OCPP's words. Pure. OCPP 2.0.1 Part 2, N02 to N06; 2.1, N11.FR.09 (interval or values)."""

from collections.abc import Mapping
from typing import Any, Final

from actors.station.phrasing import Facts, Payload, Phrase, Phrases, Unsupported, only_by
from protocol.ocpp.version import Version

_BASES: Final = {"all": "All", "factory_default": "FactoryDefault", "hard_wired_only": "HardWiredOnly"}
_CRITERIA: Final = {"threshold": "ThresholdMonitoring", "delta": "DeltaMonitoring", "periodic": "PeriodicMonitoring"}
_TYPES: Final = {
    "upper_threshold": "UpperThreshold", "lower_threshold": "LowerThreshold", "delta": "Delta", "periodic": "Periodic",
    "periodic_clock_aligned": "PeriodicClockAligned", "target_delta": "TargetDelta",
    "target_delta_relative": "TargetDeltaRelative",
}  # fmt: skip
_NEW: Final = ("target_delta", "target_delta_relative")


def _set(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    old = facts.version is not Version.V21
    if old and (arguments["type"] in _NEW or arguments.get("stream") is not None):
        raise Unsupported("target deltas and event streams came with OCPP 2.1")
    monitor: Payload = {
        "value": arguments["value"], "type": _TYPES[arguments["type"]], "severity": arguments["severity"],
        "component": arguments["component"], "variable": arguments["variable"],
    }  # fmt: skip
    for ours, theirs in (("monitor", "id"), ("transaction", "transaction"), ("stream", "periodicEventStream")):
        if arguments.get(ours) is not None:
            monitor[theirs] = arguments[ours]
    return "SetVariableMonitoring", {"setMonitoringData": [monitor]}


def _clear(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    return "ClearVariableMonitoring", {"id": arguments["monitors"]}


def _base(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    return "SetMonitoringBase", {"monitoringBase": _BASES[arguments["base"]]}


def _level(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    return "SetMonitoringLevel", {"severity": arguments["severity"]}


def _report(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    criteria, items = arguments.get("criteria"), arguments.get("items")
    payload: Payload = {"requestId": facts.number}
    if criteria:
        payload["monitoringCriteria"] = [_CRITERIA[name] for name in criteria]
    if items:
        payload["componentVariable"] = items
    return "GetMonitoringReport", payload


V2: Final[Phrases] = {
    "set-monitor": _set,
    "clear-monitors": _clear,
    "monitoring-base": _base,
    "monitoring-level": _level,
    "monitoring-report": _report,
}
V16: Final[Phrases] = dict.fromkeys(V2, only_by(Version.V201, Version.V21))
