"""`get-log` and `customer-information` in OCPP's words. Pure.

Where the log goes is settled before (web/commands/preparing.py): `location` is ours or the operator's own.
OCPP 2.0.1 Part 2, N01, N09.FR.01, N09.FR.04, N10.FR.08; 1.6, 5.9 GetDiagnostics, and GetLog of the security whitepaper.
"""

from collections.abc import Mapping
from typing import Any, Final

from actors.station.phrasing import Facts, NotFit, Payload, Phrase, Phrases, Unsupported, only_by
from protocol.events.types import timestamp
from protocol.ocpp.version import Version

_TYPES: Final = {"diagnostics": "DiagnosticsLog", "security": "SecurityLog", "data_collector": "DataCollectorLog"}


def _retries(arguments: Mapping[str, Any]) -> Payload:
    names = {"retries": "retries", "retry_interval": "retryInterval"}
    return {theirs: arguments[ours] for ours, theirs in names.items() if arguments.get(ours) is not None}


def _window(arguments: Mapping[str, Any], oldest: str, latest: str) -> Payload:
    return {
        theirs: timestamp(arguments[ours])
        for ours, theirs in (("from", oldest), ("to", latest))
        if arguments.get(ours) is not None
    }


def _log16(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    plain, diagnostics = arguments.get("plain"), arguments["type"] == "diagnostics"
    if plain and not diagnostics:
        raise NotFit([("/plain", "GetDiagnostics brings diagnostics alone: leave it out, or ask for those")])
    if diagnostics and plain is not False:
        payload = {"location": arguments["location"]} | _window(arguments, "startTime", "stopTime")
        return "GetDiagnostics", payload | _retries(arguments)
    return _log2(arguments, facts)


def _log2(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    if arguments.get("plain"):
        raise Unsupported("GetDiagnostics is a message of OCPP 1.6: leave out `plain`")
    if arguments["type"] == "data_collector" and facts.version is not Version.V21:
        raise Unsupported("only OCPP 2.1 has a data collector log")
    log = {"remoteLocation": arguments["location"]} | _window(arguments, "oldestTimestamp", "latestTimestamp")
    payload: Payload = {"logType": _TYPES[arguments["type"]], "requestId": facts.number, "log": log}
    return "GetLog", payload | _retries(arguments)


def _customer(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    payload: Payload = {
        "requestId": facts.number, "report": arguments.get("report", True), "clear": arguments.get("clear", False)
    }  # fmt: skip
    if arguments.get("token") is not None:
        payload["idToken"] = {"idToken": arguments["token"], "type": arguments.get("token_type") or facts.token_type}
    if arguments.get("certificate") is not None:
        payload["customerCertificate"] = arguments["certificate"]
    if arguments.get("customer") is not None:
        payload["customerIdentifier"] = arguments["customer"]
    return "CustomerInformation", payload


V16: Final[Phrases] = {"get-log": _log16, "customer-information": only_by(Version.V201, Version.V21)}
V2: Final[Phrases] = {"get-log": _log2, "customer-information": _customer}
