"""What load stations say and answer: message parts made ahead for each version, and canned answers to calls."""

from collections.abc import Callable
from functools import cache
from typing import Any

import attrs
import orjson

from protocol.ocpp.version import Version
from simulators.fleet import frames

ID_DIGITS = 8
_STAMP = "2026-01-01T00:00:00.000Z"
_REGISTER = "100000000"
FIRST_REGISTER = 100_000_000


@attrs.frozen
class MeterTemplate:
    """A MeterValues frame in pieces: `head` id `middle` time `values` register `tail`; all of fixed length."""

    head: bytes
    middle: bytes
    values: bytes
    tail: bytes

    def fill(self, message_id: bytes, stamp: bytes, register: int) -> bytes:
        """The whole frame. `stamp` has 24 characters, `register` (Wh) nine digits."""
        return b"".join((self.head, message_id, self.middle, stamp, self.values, b"%d" % register, self.tail))


@cache
def meter_template(version: Version, transaction: int | None) -> MeterTemplate:
    """MeterValues with three values: register, power, current."""
    if version is Version.V16:
        payload: dict[str, Any] = {"connectorId": 1}
        if transaction is not None:
            payload["transactionId"] = transaction
        payload["meterValue"] = [{"timestamp": _STAMP, "sampledValue": [
            {"value": _REGISTER, "measurand": "Energy.Active.Import.Register", "unit": "Wh"},
            {"value": "11040.0", "measurand": "Power.Active.Import", "unit": "W"},
            {"value": "16.0", "measurand": "Current.Import", "unit": "A", "phase": "L1"}]}]
    else:
        payload = {"evseId": 1, "meterValue": [{"timestamp": _STAMP, "sampledValue": [
            {"value": FIRST_REGISTER, "measurand": "Energy.Active.Import.Register", "unitOfMeasure": {"unit": "Wh"}},
            {"value": 11040.0, "measurand": "Power.Active.Import", "unitOfMeasure": {"unit": "W"}},
            {"value": 16.0, "measurand": "Current.Import", "phase": "L1", "unitOfMeasure": {"unit": "A"}}]}]}
    text = call_text(b"0" * ID_DIGITS, "MeterValues", payload)
    before, after = text[:4], text[4 + ID_DIGITS:]
    middle, _, rest = after.partition(_STAMP.encode())
    values, _, tail = rest.partition(_REGISTER.encode())
    return MeterTemplate(frames.header(len(text)) + before, middle, values, tail)


def call_text(message_id: bytes, action: str, payload: object) -> bytes:
    """A CALL as text."""
    return b'[2,"' + message_id + b'","' + action.encode() + b'",' + orjson.dumps(payload) + b"]"


@cache
def boot_payload(version: Version) -> dict[str, Any]:
    """BootNotification of a load station."""
    if version is Version.V16:
        return {"chargePointVendor": "Voltyard", "chargePointModel": "Fleet"}
    return {"chargingStation": {"vendorName": "Voltyard", "model": "Fleet"}, "reason": "PowerUp"}


def start_message(version: Version, token: str, stamp: str, transaction: str) -> tuple[str, dict[str, Any]]:
    """The action and payload that begin a transaction on connector 1."""
    if version is Version.V16:
        return "StartTransaction", {"connectorId": 1, "idTag": token, "meterStart": FIRST_REGISTER, "timestamp": stamp}
    return "TransactionEvent", {
        "eventType": "Started", "timestamp": stamp, "triggerReason": "Authorized", "seqNo": 0,
        "transactionInfo": {"transactionId": transaction, "chargingState": "Charging"},
        "evse": {"id": 1, "connectorId": 1}, "idToken": {"idToken": token, "type": "ISO14443"}}


def answer(action: str, payload: dict[str, Any]) -> dict[str, Any] | None:
    """The canned answer to a call of the platform; None for an action that load stations do not know."""
    made = _CANNED.get(action)
    return None if made is None else made(payload)


def _status(word: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda payload: {"status": word}


def _get_configuration(payload: dict[str, Any]) -> dict[str, Any]:
    keys = payload.get("key") or ["HeartbeatInterval"]
    return {"configurationKey": [{"key": key, "readonly": False, "value": "300"} for key in keys]}


def _get_variables(payload: dict[str, Any]) -> dict[str, Any]:
    return {"getVariableResult": [
        {"attributeStatus": "Accepted", "attributeValue": "300", "component": item["component"],
         "variable": item["variable"]} for item in payload["getVariableData"]]}


def _set_variables(payload: dict[str, Any]) -> dict[str, Any]:
    return {"setVariableResult": [
        {"attributeStatus": "Accepted", "component": item["component"], "variable": item["variable"]}
        for item in payload["setVariableData"]]}


_CANNED: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "GetConfiguration": _get_configuration, "GetVariables": _get_variables, "SetVariables": _set_variables,
    **{action: _status("Accepted") for action in (
        "TriggerMessage", "ChangeConfiguration", "ChangeAvailability", "ClearCache", "Reset", "RemoteStartTransaction",
        "RemoteStopTransaction", "RequestStartTransaction", "RequestStopTransaction", "SetChargingProfile",
        "ClearChargingProfile", "SendLocalList", "DataTransfer", "UpdateDynamicSchedule")},
    "UnlockConnector": _status("Unlocked"),
}
