"""What a second backend is told, in its own numbers. Pure.

Transaction ids of 1.6 are given by the backend: the other side knows a transaction by the number it gave itself.
"""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from protocol.ocpp.version import Version

KEPT: Final = frozenset(("StartTransaction", "StopTransaction", "MeterValues", "TransactionEvent"))
"""What is tried again when that side is silent; all else is told once."""
MOST_WAITING: Final = 20_000
"""Messages of one station that wait for a side that is away; beyond it the oldest that are not kept go."""

_NUMBERED: Final = ("StopTransaction", "MeterValues")
_LARGEST: Final = 2**63

Payload = dict[str, Any]
Number = Callable[[int], int | None]


class CannotTell(Exception):  # noqa: N818 - a state
    """That side cannot be told of it, now or later."""


class NoTransaction(CannotTell):
    """That side never gave this transaction a number, so it cannot be told of it."""


def outgoing(version: Version, action: str, payload: str, theirs: Number) -> bytes:
    """The payload, JSON text, with the transaction's number of that side; the very same where it has none.

    Raises NoTransaction, and CannotTell for what is no payload.
    """
    if version is not Version.V16 or action not in _NUMBERED:
        return payload.encode()
    try:
        told = msgspec.json.decode(payload, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise CannotTell(f"{action} is kept as something that is no message: {error}"[:300]) from None
    numbered = _numbered(version, _NUMBERED, action, told, theirs)
    return payload.encode() if numbered is told else msgspec.json.encode(numbered)


def number_of(answer: Payload) -> int | None:
    """That side's number of a transaction that began; None for one that no platform may give."""
    number = answer.get("transactionId")
    return number if isinstance(number, int) and -_LARGEST <= number < _LARGEST else None


def incoming(version: Version, action: str, payload: Payload, ours: Number) -> Payload:
    """A command of that side with our number of the transaction. Raises NoTransaction."""
    if version is Version.V16 and action in ("SetChargingProfile", "RemoteStartTransaction"):
        name = "csChargingProfiles" if action == "SetChargingProfile" else "chargingProfile"
        profile = payload.get(name)
        if isinstance(profile, dict) and "transactionId" in profile:
            return payload | {name: profile | {"transactionId": _found(profile["transactionId"], ours)}}
    return _numbered(version, ("RemoteStopTransaction",), action, payload, ours)


def _numbered(version: Version, actions: tuple[str, ...], action: str, payload: Payload, number: Number) -> Payload:
    if version is not Version.V16 or action not in actions or payload.get("transactionId") is None:
        return payload
    return payload | {"transactionId": _found(payload["transactionId"], number)}


def _found(wanted: int, number: Number) -> int:
    found = number(wanted)
    if found is None:
        raise NoTransaction(f"transaction {wanted} has no number on the other side")
    return found


def boot(version: Version, kept: dict[str, Any] | None, identity: str) -> Payload:
    """A BootNotification from what the station last said of itself, for a side that has not heard one."""
    known = kept or {}
    vendor, model = known.get("vendor") or "Voltyard", known.get("model") or identity[:20]
    if version is Version.V16:
        optional = {
            "chargePointSerialNumber": known.get("serial_number"), "firmwareVersion": known.get("firmware_version"),
            "chargeBoxSerialNumber": known.get("chargeBoxSerialNumber"), "iccid": known.get("iccid"),
            "imsi": known.get("imsi"), "meterType": known.get("meterType"),
            "meterSerialNumber": known.get("meterSerialNumber"),
        }  # fmt: skip
        return {"chargePointVendor": vendor[:20], "chargePointModel": model[:20]} | _given(optional)
    station = {"vendorName": vendor[:50], "model": model[:20]} | _given(
        {"serialNumber": known.get("serial_number"), "firmwareVersion": known.get("firmware_version")}
    )
    return {"reason": "Unknown", "chargingStation": station}


def _given(fields: Payload) -> Payload:
    return {name: value for name, value in fields.items() if value is not None}


def may(mode: str, allowed: frozenset[str], action: str) -> str | None:
    """None when that side may send the action, else why not."""
    if mode != "commands":
        return "this backend may only read"
    if action not in allowed:
        return f"this backend may not send {action}"
    return None
