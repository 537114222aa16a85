"""A token as an entry of a station's local list, by version. Pure. OCPP 2.0.1 Part 2, D01; 1.6, 5.15.

The station decides by it, offline and online (C13, C14).
"""

import hashlib
from datetime import datetime
from typing import Any, Final

import attrs
import msgspec

from actors.authorization.places import allowed
from actors.ports import TokenFact, Weighed
from actors.station.who import Station
from protocol.events.types import timestamp
from protocol.ocpp.version import Version

LONGEST: Final = {Version.V16: 20, Version.V201: 36, Version.V21: 255}
_TYPES_201: Final = frozenset(("Central", "eMAID", "ISO14443", "ISO15693", "KeyCode", "Local", "MacAddress"))
_STATUS: Final = {"accepted": "Accepted", "blocked": "Blocked", "expired": "Expired", "invalid": "Invalid"}
_NO_CREDIT: Final = {Version.V16: "Blocked", Version.V201: "NoCredit", Version.V21: "NoCredit"}
_encode = msgspec.json.Encoder(order="sorted").encode


@attrs.frozen
class Entry:
    """`said`: AuthorizationData as it is sent; `digest` tells whether it is otherwise than before."""

    uid_key: str
    uid: str
    type: str
    said: dict[str, Any]
    digest: str


def entry_of(token: TokenFact, uid_key: str, station: Station, site: str | None, now: datetime) -> Entry | None:
    """None when this station cannot hold it, or must ask about it each time it is presented.

    What depends on the hour or on a balance is never on a list: a list has no words for it.
    """
    version = station.version
    if len(token.uid) > LONGEST[version] or (version is Version.V201 and token.type not in _TYPES_201):
        return None
    if token.windows or token.prepaid:
        return None
    where = allowed(token, Weighed(token, site=site), station)
    if where.why is not None:
        return None
    status = _status(token, version, now)
    said = _said16(token, status) if version is Version.V16 else _said2(token, status, where.evses)
    return Entry(uid_key, token.uid, token.type, said, hashlib.sha256(_encode(said)).hexdigest()[:16])


def removal(uid: str, kind: str, version: Version) -> dict[str, Any]:
    """What takes a token off the list: its name alone (D01.FR.16 of 2.x; 1.6, 7.1)."""
    return {"idTag": uid} if version is Version.V16 else {"idToken": {"idToken": uid, "type": kind}}


def _status(token: TokenFact, version: Version, now: datetime) -> str:
    if token.status == "no_credit":
        return _NO_CREDIT[version]
    if token.status == "accepted" and token.expires_at is not None and token.expires_at <= now:
        return "Expired"
    return _STATUS[token.status]


def _said16(token: TokenFact, status: str) -> dict[str, Any]:
    info: dict[str, Any] = {"status": status}
    if token.expires_at is not None:
        info["expiryDate"] = timestamp(token.expires_at)
    if token.group_uid is not None:
        info["parentIdTag"] = token.group_uid[:20]
    return {"idTag": token.uid, "idTagInfo": info}


def _said2(token: TokenFact, status: str, evses: tuple[int, ...]) -> dict[str, Any]:
    named: dict[str, Any] = {"idToken": token.uid, "type": token.type}
    if token.additional:
        named["additionalInfo"] = [
            {"additionalIdToken": each["value"], "type": each["type"]} for each in token.additional
        ]
    info: dict[str, Any] = {"status": status}
    if token.expires_at is not None:
        info["cacheExpiryDateTime"] = timestamp(token.expires_at)
    if token.priority is not None:
        info["chargingPriority"] = token.priority
    if token.language1 is not None:
        info["language1"] = token.language1
    if token.language2 is not None:
        info["language2"] = token.language2
    if evses:
        info["evseId"] = list(evses)
    if token.group_uid is not None:
        info["groupIdToken"] = {"idToken": token.group_uid, "type": "Central"}
    if token.message:
        info["personalMessage"] = dict(token.message)
    return {"idToken": named, "idTokenInfo": info}
