"""A reservation as the message that asks a station to hold it, by version. Pure. OCPP 2.0.1 Part 2, H01 to H03."""

from datetime import datetime
from typing import Any

import attrs

from protocol.events.types import timestamp
from protocol.ocpp.version import Version


@attrs.frozen
class Wanted:
    """What is to be held. `evse` None: any; in 1.6 that is connector 0."""

    number: int
    evse: int | None
    connector_type: str | None
    token: str
    token_type: str
    group_uid: str | None
    expires_at: datetime


def reserve_now(version: Version, wanted: Wanted) -> tuple[str, dict[str, Any]]:
    """(action, payload)."""
    until = timestamp(wanted.expires_at)
    if version is Version.V16:
        payload: dict[str, Any] = {
            "connectorId": wanted.evse or 0, "expiryDate": until, "idTag": wanted.token,
            "reservationId": wanted.number,
        }  # fmt: skip
        if wanted.group_uid is not None:
            payload["parentIdTag"] = wanted.group_uid
        return "ReserveNow", payload
    payload = {
        "id": wanted.number, "expiryDateTime": until, "idToken": {"idToken": wanted.token, "type": wanted.token_type},
    }  # fmt: skip
    if wanted.evse is not None:
        payload["evseId"] = wanted.evse
    if wanted.connector_type is not None:
        payload["connectorType"] = wanted.connector_type
    if wanted.group_uid is not None:
        payload["groupIdToken"] = {"idToken": wanted.group_uid, "type": "Central"}
    return "ReserveNow", payload


def cancel(number: int) -> tuple[str, dict[str, Any]]:
    """The same in every version."""
    return "CancelReservation", {"reservationId": number}


def too_much(version: Version, wanted: Wanted) -> list[tuple[str, str]]:
    """(field, what to do) for what this version cannot say."""
    wrong = []
    if version is Version.V16 and wanted.connector_type is not None:
        wrong.append(("/connector_type", "OCPP 1.6 reserves no types of connector: name an `evse`"))
    most = {Version.V16: 20, Version.V201: 36, Version.V21: 255}[version]
    if len(wanted.token) > most:
        wrong.append(("/token", f"OCPP {version.value} takes at most {most} characters"))
    if wanted.group_uid is not None and len(wanted.group_uid) > most:
        wrong.append(("/group", f"OCPP {version.value} takes at most {most} characters"))
    return wrong
