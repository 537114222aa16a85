"""`update-firmware`, `publish-firmware`, `unpublish-firmware` in OCPP's words. Pure.

Where the image lies is settled before (web/commands/preparing.py): `location` is ours or the operator's own.
OCPP 2.0.1 Part 2, L01.FR.11 (signing certificate), L02, L03, L04; 1.6, 5.17, and SignedUpdateFirmware.
"""

from collections.abc import Mapping
from typing import Any, Final

from actors.station.phrasing import Facts, Payload, Phrase, Phrases, Unsupported, only_by
from protocol.events.types import timestamp
from protocol.ocpp.version import Version


def _retries(arguments: Mapping[str, Any]) -> Payload:
    names = {"retries": "retries", "retry_interval": "retryInterval"}
    return {theirs: arguments[ours] for ours, theirs in names.items() if arguments.get(ours) is not None}


def _firmware(arguments: Mapping[str, Any], facts: Facts) -> Payload:
    firmware: Payload = {
        "location": arguments["location"],
        "retrieveDateTime": timestamp(arguments.get("retrieve_at") or facts.now),
    }
    if arguments.get("install_at") is not None:
        firmware["installDateTime"] = timestamp(arguments["install_at"])
    for ours, theirs in (("signature", "signature"), ("signing_certificate", "signingCertificate")):
        if arguments.get(ours) is not None:
            firmware[theirs] = arguments[ours]
    return firmware


def _update16(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    firmware = _firmware(arguments, facts)
    if {"signature", "signingCertificate"} <= firmware.keys():
        return "SignedUpdateFirmware", {"requestId": facts.number, "firmware": firmware} | _retries(arguments)
    if arguments.get("install_at") is not None:
        raise Unsupported("OCPP 1.6 installs unsigned firmware as soon as it is there: leave out `install_at`")
    return "UpdateFirmware", {
        "location": firmware["location"], "retrieveDate": firmware["retrieveDateTime"]
    } | _retries(arguments)  # fmt: skip


def _update2(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    return "UpdateFirmware", {"requestId": facts.number, "firmware": _firmware(arguments, facts)} | _retries(arguments)


def _publish(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    return "PublishFirmware", {
        "location": arguments["location"], "checksum": arguments["checksum"], "requestId": facts.number
    } | _retries(arguments)  # fmt: skip


def _unpublish(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    return "UnpublishFirmware", {"checksum": arguments["checksum"]}


_ONLY2 = only_by(Version.V201, Version.V21)
V16: Final[Phrases] = {"update-firmware": _update16, "publish-firmware": _ONLY2, "unpublish-firmware": _ONLY2}
V2: Final[Phrases] = {"update-firmware": _update2, "publish-firmware": _publish, "unpublish-firmware": _unpublish}
