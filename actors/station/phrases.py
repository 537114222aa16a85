"""Neutral commands into OCPP: which action, which payload, by version. Pure: one table, one function a command.

Payloads are plain JSON values; they are checked against the action's type like an operator's own.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from actors.certificates import phrases as certificates
from actors.charging import phrases as charging
from actors.control import phrases as control
from actors.datatransfer import phrases as datatransfer
from actors.depot import phrases as depot
from actors.device import phrases as device
from actors.diagnostics import phrases as diagnostics
from actors.display import phrases as display
from actors.firmware import phrases as firmware
from actors.grid import phrases as grid
from actors.monitoring import phrases as monitoring
from actors.payment import phrases as payment
from actors.session import phrases as session
from actors.station.phrasing import Facts, Heeded, NotFit, Payload, Phrase, Phrases, Unsupported
from actors.streams import phrases as streams
from actors.tariffs import phrases as tariffs
from protocol.events.types import timestamp
from protocol.ocpp import credentials
from protocol.ocpp.version import Version

PROFILE_ID: Final = 1_000_000  # our limits: one profile an EVSE, so that a new one replaces the old one


def phrase(version: Version, command: str, arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """(action, payload). Raises NotFit, Unsupported, or KeyError for a command that does not exist.

    Whatever was asked for is in the payload, or refused: nothing is left out in silence.
    """
    table = _V16 if version is Version.V16 else _V2
    found = table.get(command)
    if found is None:
        if command not in COMMANDS:
            raise KeyError(command)
        raise Unsupported(f"OCPP {version.value} has no message for it")
    heeded = Heeded(arguments)
    made = found(heeded, facts)
    left = heeded.left()
    if left:
        raise NotFit([(f"/{name}", f"{made[0]} of OCPP {version.value} cannot say it: leave it out") for name in left])
    return made


def _reset16(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    if arguments.get("evse") is not None:
        raise Unsupported("OCPP 1.6 resets the whole station only: leave out `evse`")
    if arguments["kind"] not in ("immediate", "on_idle"):
        raise Unsupported("transactions are resumed after a reset in OCPP 2.1 only: take `immediate` or `on_idle`")
    return "Reset", {"type": "Hard" if arguments["kind"] == "immediate" else "Soft"}


_RESETS: Final = {"immediate": "Immediate", "on_idle": "OnIdle", "immediate_and_resume": "ImmediateAndResume"}


def _reset2(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """B11, B12: at once or when idle, all or one EVSE; 2.1 also with its transactions going on after it (B13)."""
    if arguments["kind"] == "immediate_and_resume" and facts.version is not Version.V21:
        raise Unsupported("transactions are resumed after a reset in OCPP 2.1 only: take `immediate` or `on_idle`")
    payload: Payload = {"type": _RESETS[arguments["kind"]]}
    if arguments.get("evse") is not None:
        payload["evseId"] = arguments["evse"]
    return "Reset", payload


def _amount(arguments: Mapping[str, Any]) -> tuple[str, float] | None:
    if arguments.get("power_w") is not None:
        return "W", arguments["power_w"]
    if arguments.get("current_a") is not None:
        return "A", arguments["current_a"]
    return None


def _schedule(unit: str, limit: float, facts: Facts) -> Payload:
    return {
        "startSchedule": timestamp(facts.now),
        "chargingRateUnit": unit,
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}],
    }


def _limit16(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    evse = arguments.get("evse") or 0
    amount = _amount(arguments)
    if amount is None:
        return "ClearChargingProfile", {"id": PROFILE_ID + evse}
    profile: Payload = {
        "chargingProfileId": PROFILE_ID + evse,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxDefaultProfile" if evse else "ChargePointMaxProfile",
        "chargingProfileKind": "Absolute",
        "chargingSchedule": _schedule(amount[0], round(amount[1], 1), facts),
    }
    if arguments.get("until") is not None:
        profile["validTo"] = timestamp(arguments["until"])
    return "SetChargingProfile", {"connectorId": evse, "csChargingProfiles": profile}


def _limit2(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    evse = arguments.get("evse") or 0
    amount = _amount(arguments)
    if amount is None:
        return "ClearChargingProfile", {"chargingProfileId": PROFILE_ID + evse}
    profile: Payload = {
        "id": PROFILE_ID + evse,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxDefaultProfile" if evse else "ChargingStationMaxProfile",
        "chargingProfileKind": "Absolute",
        "chargingSchedule": [{"id": PROFILE_ID + evse, **_schedule(*amount, facts)}],
    }
    if arguments.get("until") is not None:
        profile["validTo"] = timestamp(arguments["until"])
    return "SetChargingProfile", {"evseId": evse, "chargingProfile": profile}


def _password16(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """As hexadecimal digits, but for stations that take it as it is (`as_text`)."""
    password = arguments["password"]
    value = password if arguments.get("as_text") else credentials.as_key(password)
    return "ChangeConfiguration", {"key": "AuthorizationKey", "value": value}


def _password2(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    data = {
        "attributeValue": arguments["password"],
        "component": {"name": "SecurityCtrlr"},
        "variable": {"name": "BasicAuthPassword"},
    }
    return "SetVariables", {"setVariableData": [data]}


_OWN16: Final[Phrases] = {
    "reset": _reset16,
    "limit": _limit16,
    "rotate-password": _password16,
}
_OWN2: Final[Phrases] = {
    "reset": _reset2,
    "limit": _limit2,
    "rotate-password": _password2,
}
_CAPABILITIES: Final[tuple[tuple[Phrases, Phrases], ...]] = (
    (control.V16, control.V2),
    (firmware.V16, firmware.V2),
    (diagnostics.V16, diagnostics.V2),
    (monitoring.V16, monitoring.V2),
    (streams.V16, streams.V2),
    (display.V16, display.V2),
    (tariffs.V16, tariffs.V2),
    (payment.V16, payment.V2),
    (session.V16, session.V2),
    (device.V16, device.V2),
    (charging.V16, charging.V2),
    (certificates.V16, certificates.V2),
    (grid.V16, grid.V2),
    (depot.V16, depot.V2),
    (datatransfer.V16, datatransfer.V2),
)  # (V16, V2) of each capability


def _joined(own: Phrases, tables: Iterable[Phrases]) -> dict[str, Callable[[Mapping[str, Any], Facts], Phrase]]:
    joined = dict(own)
    for table in tables:
        twice = joined.keys() & table.keys()
        if twice:
            raise TypeError(f"two capabilities have a command {', '.join(sorted(twice))}")
        joined.update(table)
    return joined


_V16: Final = _joined(_OWN16, (v16 for v16, _ in _CAPABILITIES))
_V2: Final = _joined(_OWN2, (v2 for _, v2 in _CAPABILITIES))
COMMANDS: Final = tuple(dict.fromkeys((*_V2, *_V16)))
