"""Commands about the device model and the way to the platform: reports, network profiles (OCPP 2.0.1, B07 to B10)."""

from collections.abc import Mapping
from typing import Any, Final

from actors.station.phrasing import Facts, Payload, Phrase, Phrases, Unsupported, only_by
from protocol.ocpp.version import Version

_BASES: Final = {
    "full": "FullInventory", "configuration": "ConfigurationInventory", "summary": "SummaryInventory",
}  # fmt: skip


def _base_report16(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """1.6 has keys and no inventory: reading all of them is its full report (5.8)."""
    if arguments["kind"] == "summary":
        raise Unsupported("OCPP 1.6 has no summary: take `full`, which reads every key")
    return "GetConfiguration", {}


def _base_report2(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    return "GetBaseReport", {"requestId": facts.number, "reportBase": _BASES[arguments["kind"]]}


def _report2(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    payload: Payload = {"requestId": facts.number}
    if arguments.get("components"):
        payload["componentVariable"] = arguments["components"]
    if arguments.get("criteria"):
        payload["componentCriteria"] = arguments["criteria"]
    return "GetReport", payload


_NEWER_IDENTITY: Final = "`identity` and `password` of a network profile came with OCPP 2.1: leave them out"


def _network_profile2(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """B09: 2.0.1 wants the version (`ocppVersion`), 2.1 ignores it and takes identity and password (B09.FR.21)."""
    if arguments["interface"] == "Any" and facts.version is not Version.V21:
        raise Unsupported("the interface `Any` came with OCPP 2.1: name one, such as `Wired0`")
    data: Payload = {
        "ocppTransport": "JSON",
        "ocppCsmsUrl": arguments["url"],
        "messageTimeout": arguments["message_timeout"],
        "securityProfile": arguments["security_profile"],
        "ocppInterface": arguments["interface"],
        "ocppVersion": _ocpp_version(arguments.get("ocpp_version"), facts.version),
    }
    own = {"identity": arguments.get("identity"), "basicAuthPassword": arguments.get("password")}
    given = {name: value for name, value in own.items() if value is not None}
    if given and facts.version is not Version.V21:
        raise Unsupported(_NEWER_IDENTITY)
    data |= given
    data |= {name: arguments[name] for name in ("apn", "vpn") if arguments.get(name) is not None}
    return "SetNetworkProfile", {"configurationSlot": arguments["slot"], "connectionData": data}


def _ocpp_version(wanted: str | None, spoken: Version) -> str:
    """The station's own when none is asked for. To 2.0.1, OCPP20 is 2.0.1; it has no word for what came later."""
    if spoken is Version.V21:
        return wanted or "OCPP21"
    if wanted == "OCPP21":
        raise Unsupported("a network profile of OCPP 2.0.1 cannot name OCPP 2.1: leave out `ocpp_version`")
    return "OCPP20" if wanted in (None, "OCPP201") else wanted


def _network_priority2(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """The order in which a station tries its slots (B10): counts from its next connection on."""
    wanted = {
        "component": {"name": "OCPPCommCtrlr"},
        "variable": {"name": "NetworkConfigurationPriority"},
        "attributeValue": ",".join(str(slot) for slot in arguments["slots"]),
    }
    return "SetVariables", {"setVariableData": [wanted]}


_NOT_16: Final = only_by(Version.V201, Version.V21)

V16: Final[Phrases] = {
    "base-report": _base_report16,
    "report": _NOT_16,
    "network-profile": _NOT_16,
    "network-priority": _NOT_16,
}
V2: Final[Phrases] = {
    "base-report": _base_report2,
    "report": _report2,
    "network-profile": _network_profile2,
    "network-priority": _network_priority2,
}
