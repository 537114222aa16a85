"""Remote control as OCPP says it: start, stop, unlock, availability, triggers, the cache. Pure.

OCPP 2.0.1 Part 2, F, G and C11; 2.1, F07; 1.6, 5.2, 5.4, 5.11, 5.12, 5.17, 5.18 and the security extension's
ExtendedTriggerMessage.
"""

from collections.abc import Mapping
from typing import Any, Final, get_args

from actors.station.phrasing import Facts, NotFit, Payload, Phrase, Phrases, Unsupported, connector16, evse_of
from protocol.ocpp.messages import v16, v21, v201
from protocol.ocpp.version import Version

_PLAIN16: Final[tuple[str, ...]] = get_args(v16.MessageTrigger)
_EXTENDED16: Final[tuple[str, ...]] = get_args(v16.MessageTriggerEnumType)
_TRIGGERS2: Final[dict[Version, tuple[str, ...]]] = {
    Version.V201: get_args(v201.MessageTriggerEnumType), Version.V21: get_args(v21.MessageTriggerEnumType),
}  # fmt: skip
# Names of 2.x that 1.6 has under another one.
_NAMES16: Final = {"SignChargingStationCertificate": "SignChargePointCertificate"}


def _start16(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    if arguments.get("limits"):
        raise Unsupported("limits of a transaction are told to stations from OCPP 2.1 on: leave out `limits`")
    payload: Payload = {"idTag": arguments["token"]}
    connector = connector16(arguments)
    if connector is not None:
        payload["connectorId"] = connector
    if arguments.get("profile") is not None:
        payload["chargingProfile"] = _transaction_profile(arguments["profile"])
    return "RemoteStartTransaction", payload


def _start2(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """F01.FR.04, F02.FR.12, F07.FR.01: with a token; with a profile (F01.FR.08, F02.FR.16) of purpose TxProfile alone.

    A payment that a kiosk or a web page has taken: the token is its reference, of type DirectPayment (C24.FR.01,
    C25.FR.23); `limits` are told with the answer to the begin (C24.FR.02, C25.FR.24).
    """
    if arguments.get("limits") and facts.version is not Version.V21:
        raise Unsupported("limits of a transaction are told to stations from OCPP 2.1 on: leave out `limits`")
    token: Payload = {"idToken": arguments["token"], "type": arguments.get("token_type") or facts.token_type}
    if facts.additional:
        token["additionalInfo"] = [{"additionalIdToken": value, "type": kind} for value, kind in facts.additional]
    payload: Payload = {"idToken": token, "remoteStartId": facts.number}
    if arguments.get("evse") is not None:
        payload["evseId"] = arguments["evse"]
    group = arguments.get("group") or facts.group
    if group is not None:
        payload["groupIdToken"] = {"idToken": group, "type": "Central"}
    if arguments.get("profile") is not None:
        payload["chargingProfile"] = _transaction_profile(arguments["profile"])
    return "RequestStartTransaction", payload


def _transaction_profile(profile: Mapping[str, Any]) -> Payload:
    """F01.FR.09 to FR.11; 1.6, 5.16.2: a TxProfile, which names no transaction, since there is none yet."""
    if profile.get("chargingProfilePurpose") != "TxProfile":
        raise NotFit([("/profile/chargingProfilePurpose", "must be TxProfile: it is for the transaction that begins")])
    if "transactionId" in profile:
        raise NotFit([("/profile/transactionId", "must be left out: the transaction has not begun")])
    return dict(profile)


def _stop16(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    text = facts.transaction_id or ""
    number = text.removeprefix("-")
    usable = number.isdecimal() and len(number) < 20
    return "RemoteStopTransaction", {"transactionId": int(text) if usable else text}


def _stop2(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """F03.FR.01, F04.FR.01."""
    return "RequestStopTransaction", {"transactionId": facts.transaction_id}


def _unlock16(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    return "UnlockConnector", {"connectorId": connector16(arguments)}


def _unlock2(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """F05: one connector; what the answers mean is in words.py."""
    return "UnlockConnector", {"evseId": arguments["evse"], "connectorId": arguments.get("connector") or 1}


def _availability16(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    wanted = "Operative" if arguments["operative"] else "Inoperative"
    return "ChangeAvailability", {"connectorId": connector16(arguments) or 0, "type": wanted}


def _availability2(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    payload: Payload = {"operationalStatus": "Operative" if arguments["operative"] else "Inoperative"}
    evse = evse_of(arguments)
    if evse is not None:
        payload["evse"] = evse
    return "ChangeAvailability", payload


def _trigger16(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """What only the security extension knows goes as ExtendedTriggerMessage; `extended` makes the rest do, too."""
    message = _NAMES16.get(arguments["message"], arguments["message"])
    extended = arguments.get("extended") or message not in _PLAIN16
    if arguments.get("custom") or message not in (_EXTENDED16 if extended else _PLAIN16):
        raise _unknown(facts.version, arguments, sorted({*_PLAIN16, *_EXTENDED16}))
    payload: Payload = {"requestedMessage": message}
    connector = connector16(arguments)
    if connector is not None:
        payload["connectorId"] = connector
    return "ExtendedTriggerMessage" if extended else "TriggerMessage", payload


def _trigger2(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """F06.FR.01, F06.FR.02; the status of a connector is asked for by connector (F06.FR.13)."""
    message, known = arguments["message"], _TRIGGERS2[facts.version]
    if message not in known or (arguments.get("custom") and facts.version is not Version.V21):
        raise _unknown(facts.version, arguments, sorted(known))
    payload: Payload = {"requestedMessage": message}
    if (message == "CustomTrigger") != bool(arguments.get("custom")):
        raise NotFit([("/custom", "names the message, and goes with `CustomTrigger` alone")])
    if arguments.get("custom"):
        payload["customTrigger"] = arguments["custom"]
    evse = evse_of(arguments)
    if evse is not None:
        payload["evse"] = {"connectorId": 1} | evse if message == "StatusNotification" else evse
    elif message == "StatusNotification":
        raise NotFit([("/evse", "is required: a station of 2.x tells the status of one connector (F06.FR.13)")])
    return "TriggerMessage", payload


def _unknown(version: Version, arguments: Mapping[str, Any], known: list[str]) -> Unsupported:
    name = arguments.get("custom") or arguments["message"]
    return Unsupported(f"OCPP {version.value} triggers no {name!r}; it has {', '.join(known)}")


def _clear_cache(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """C11."""
    return "ClearCache", {}


def _list_version(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """D02."""
    return "GetLocalListVersion", {}


V16: Final[Phrases] = {
    "start": _start16, "stop": _stop16, "unlock": _unlock16, "availability": _availability16, "trigger": _trigger16,
    "clear-cache": _clear_cache, "local-list-version": _list_version,
}  # fmt: skip
V2: Final[Phrases] = {
    "start": _start2, "stop": _stop2, "unlock": _unlock2, "availability": _availability2, "trigger": _trigger2,
    "clear-cache": _clear_cache, "local-list-version": _list_version,
}  # fmt: skip
