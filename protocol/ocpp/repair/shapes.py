"""Payloads in the shape of OCPP 1.6 on a connection of 2.x (quirk 3): put into the shape of 2.x before they are mended.

Firmware that was moved to 2.x half-way sends them. Only what is certain is moved; the walk through the type does the
rest, and what it cannot use is refused as ever.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

Shape = dict[str, Any]
CODE: Final = "shape_of_1_6"

_PLATE: Final = {
    "chargePointModel": "model", "chargePointVendor": "vendorName", "chargePointSerialNumber": "serialNumber",
    "firmwareVersion": "firmwareVersion",
}  # fmt: skip
_MODEM: Final = ("iccid", "imsi")
_IN_USE: Final = frozenset(("Preparing", "Charging", "SuspendedEV", "SuspendedEVSE", "Finishing"))


def reshaped(action: str, value: Any) -> Shape | None:
    """The payload as 2.x has it; None when it is not one of 1.6."""
    reshape = _SHAPES.get(action)
    return reshape(value) if reshape is not None and isinstance(value, dict) else None


def _boot(value: Mapping[str, Any]) -> Shape | None:
    if "chargingStation" in value or not value.keys() & {"chargePointModel", "chargePointVendor"}:
        return None
    station: Shape = {new: value[old] for old, new in _PLATE.items() if old in value}
    modem = {name: value[name] for name in _MODEM if name in value}
    if modem:
        station["modem"] = modem
    rest = {name: part for name, part in value.items() if name not in _PLATE and name not in _MODEM}
    return {"reason": "Unknown", **rest, "chargingStation": station}


def _status(value: Mapping[str, Any]) -> Shape | None:
    """The connector of 1.6 is an EVSE with one connector, as everywhere here."""
    if "connectorStatus" in value or "status" not in value or "evseId" in value:
        return None
    status = value["status"]
    rest = {name: part for name, part in value.items() if name not in ("status", "errorCode", "connectorId")}
    number = value.get("connectorId", 0)
    made = {**rest, "connectorStatus": "Occupied" if status in _IN_USE else status, "evseId": number}
    return {**made, "connectorId": 0 if number in (0, "0") else 1}


def _authorize(value: Mapping[str, Any]) -> Shape | None:
    if "idToken" in value or "idTag" not in value:
        return None
    rest = {name: part for name, part in value.items() if name != "idTag"}
    return {**rest, "idToken": {"idToken": value["idTag"], "type": "ISO14443"}}


def _meter(value: Mapping[str, Any]) -> Shape | None:
    if "evseId" in value or "connectorId" not in value:
        return None
    rest = {name: part for name, part in value.items() if name not in ("connectorId", "transactionId")}
    return {**rest, "evseId": value["connectorId"]}


_SHAPES: Final[Mapping[str, Callable[[Mapping[str, Any]], Shape | None]]] = {
    "BootNotification": _boot,
    "StatusNotification": _status,
    "Authorize": _authorize,
    "MeterValues": _meter,
}
