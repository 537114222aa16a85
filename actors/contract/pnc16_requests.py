"""Plug and charge for OCPP 1.6: messages of 2.0.1 as JSON text in a DataTransfer. Pure.

By the Open Charge Alliance's application note: vendorId `org.openchargealliance.iso15118pnc`, messageId the action's
name, `data` its payload. There an Authorize has its token as plain text; some stations send the object of 2.0.1.
"""

from typing import Any, Final

import msgspec

from actors.contract.objects import Failure
from protocol.ocpp import catalogue
from protocol.ocpp.neutral import AuthorizeAsked, DataTransferred, IdToken
from protocol.ocpp.version import Version

VENDOR: Final = "org.openchargealliance.iso15118pnc"


def request(message: DataTransferred) -> dict[str, Any] | Failure:
    """The payload inside, as 2.0.1 writes it; what is wrong with it otherwise."""
    try:
        inner = msgspec.json.decode(message.data if isinstance(message.data, str) else "")
    except msgspec.DecodeError as error:
        return Failure("FormatViolation", f"`data` is no JSON text: {error}")
    if not isinstance(inner, dict):
        return Failure("FormatViolation", "`data` must hold a JSON object")
    if message.message_id == "Authorize" and isinstance(inner.get("idToken"), str):
        inner = inner | {"idToken": {"idToken": inner["idToken"], "type": "eMAID"}}
    problems = catalogue.check(catalogue.actions(Version.V201)[message.message_id or ""], inner)
    if problems:
        return Failure("FormatViolation", "; ".join(f"{each.path}: {each.message}" for each in problems[:3]))
    return inner


def authorize_of(version: Version, message: DataTransferred) -> AuthorizeAsked | None:
    """The Authorize inside; None for every other message, and for one that cannot be read."""
    if version is not Version.V16 or message.vendor != VENDOR or message.message_id != "Authorize":
        return None
    asked = request(message)
    if isinstance(asked, Failure):
        return None
    token = IdToken(asked["idToken"]["idToken"], asked["idToken"]["type"])
    return AuthorizeAsked(token, asked.get("certificate"), tuple(asked.get("iso15118CertificateHashData") or ()))


def spoken(version: Version | None, action: str, payload: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """As that version says it: in 1.6 what is about a vehicle's certificates, and so has a type, goes wrapped."""
    return wrapped(action, payload) if version is Version.V16 and "certificateType" in payload else (action, payload)


def inside(payload: Any) -> Any:
    """The answer to a wrapped message as 2.0.1 would give it; every other answer as it is."""
    text = payload.get("data") if isinstance(payload, dict) else None
    if not isinstance(text, str):
        return payload
    try:
        found = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return payload
    return found if isinstance(found, dict) else payload


def wrapped(action: str, payload: Any) -> tuple[str, dict[str, Any]]:
    """A message of ours to a station: (action, payload) of the DataTransfer."""
    return "DataTransfer", {
        "vendorId": VENDOR, "messageId": action, "data": msgspec.json.encode(payload).decode(),
    }  # fmt: skip
