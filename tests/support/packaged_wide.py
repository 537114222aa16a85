"""The `ocpp` package's stations with an answer for every action of ours that the package knows."""

from __future__ import annotations

from typing import Any

from tests.support.packaged import Station16, Station201, on, result16, result201

HASH = {"hash_algorithm": "SHA256", "issuer_name_hash": "ab" * 32, "issuer_key_hash": "cd" * 32, "serial_number": "1f"}
_ACCEPTED = {"status": "Accepted"}
ANSWERS_16: dict[str, dict[str, Any]] = {
    "GetLocalListVersion": {"list_version": 0}, "SendLocalList": _ACCEPTED, "ReserveNow": _ACCEPTED,
    "CancelReservation": _ACCEPTED, "UpdateFirmware": {}, "SignedUpdateFirmware": _ACCEPTED,
    "GetDiagnostics": {"file_name": "d.log"}, "GetLog": _ACCEPTED | {"filename": "l.log"},
    "SetChargingProfile": _ACCEPTED, "ClearChargingProfile": _ACCEPTED, "ClearCache": _ACCEPTED,
    "GetCompositeSchedule": _ACCEPTED | {"connector_id": 1}, "UnlockConnector": {"status": "Unlocked"},
    "GetConfiguration": {"configuration_key": [{"key": "HeartbeatInterval", "readonly": False, "value": "300"}]},
    "ChangeAvailability": _ACCEPTED, "TriggerMessage": _ACCEPTED, "ExtendedTriggerMessage": _ACCEPTED,
    "DataTransfer": _ACCEPTED, "InstallCertificate": _ACCEPTED, "DeleteCertificate": _ACCEPTED,
    "CertificateSigned": _ACCEPTED,
    "GetInstalledCertificateIds": _ACCEPTED | {"certificate_hash_data": [HASH]},
}  # fmt: skip
ANSWERS_201: dict[str, dict[str, Any]] = {
    "GetLocalListVersion": {"version_number": 0}, "SendLocalList": _ACCEPTED, "ReserveNow": _ACCEPTED,
    "CancelReservation": _ACCEPTED, "UpdateFirmware": _ACCEPTED, "GetLog": _ACCEPTED | {"filename": "l.log"},
    "PublishFirmware": _ACCEPTED, "UnpublishFirmware": {"status": "Unpublished"}, "SetChargingProfile": _ACCEPTED,
    "ClearChargingProfile": _ACCEPTED, "GetChargingProfiles": {"status": "NoProfiles"}, "ClearCache": _ACCEPTED,
    "GetCompositeSchedule": _ACCEPTED, "UnlockConnector": {"status": "Unlocked"}, "ChangeAvailability": _ACCEPTED,
    "TriggerMessage": _ACCEPTED, "DataTransfer": _ACCEPTED, "InstallCertificate": _ACCEPTED,
    "DeleteCertificate": _ACCEPTED, "CertificateSigned": _ACCEPTED, "GetBaseReport": _ACCEPTED,
    "GetReport": _ACCEPTED, "SetMonitoringBase": _ACCEPTED, "SetMonitoringLevel": _ACCEPTED,
    "GetMonitoringReport": _ACCEPTED, "SetDisplayMessage": _ACCEPTED, "GetDisplayMessages": _ACCEPTED,
    "ClearDisplayMessage": _ACCEPTED, "CustomerInformation": _ACCEPTED, "SetNetworkProfile": _ACCEPTED,
    "CostUpdated": {}, "GetTransactionStatus": {"messages_in_queue": False},
    "GetInstalledCertificateIds": _ACCEPTED | {"certificate_hash_data_chain": [
        {"certificate_type": "CSMSRootCertificate", "certificate_hash_data": HASH}]},
}  # fmt: skip


def _handler(action: str, answer: dict[str, Any], results: Any) -> Any:
    def handle(self: Any, **payload: Any) -> Any:
        self.asked[action] = payload
        return getattr(results, action)(**answer)

    handle.__name__ = f"on_{action}"  # the package finds handlers by the name of their function
    return on(action)(handle)


def _monitors(self: Any, **payload: Any) -> Any:
    self.asked["SetVariableMonitoring"] = payload
    told = [
        {"id": 7, "status": "Accepted", "type": each["type"], "severity": each["severity"],
         "component": each["component"], "variable": each["variable"]}
        for each in payload["set_monitoring_data"]
    ]  # fmt: skip
    return result201.SetVariableMonitoring(set_monitoring_result=told)


def _unmonitored(self: Any, **payload: Any) -> Any:
    self.asked["ClearVariableMonitoring"] = payload
    told = [{"id": number, "status": "Accepted"} for number in payload["id"]]
    return result201.ClearVariableMonitoring(clear_monitoring_result=told)


def _variables(self: Any, **payload: Any) -> Any:
    self.asked["GetVariables"] = payload
    told = [
        {"attribute_status": "Accepted", "attribute_value": "42", "component": each["component"],
         "variable": each["variable"]}
        for each in payload["get_variable_data"]
    ]  # fmt: skip
    return result201.GetVariables(get_variable_result=told)


Wide16: Any = type("Wide16", (Station16,), {
    f"on_{action}": _handler(action, answer, result16) for action, answer in ANSWERS_16.items()})  # fmt: skip
Wide201: Any = type("Wide201", (Station201,), {
    f"on_{action}": _handler(action, answer, result201) for action, answer in ANSWERS_201.items()
} | {
    "_monitors": on("SetVariableMonitoring")(_monitors), "_variables": on("GetVariables")(_variables),
    "_unmonitored": on("ClearVariableMonitoring")(_unmonitored)})  # fmt: skip
