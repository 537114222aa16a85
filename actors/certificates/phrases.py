"""Neutral commands about certificates: `install-certificate`, `delete-certificate`, `installed-certificates`,
`renew-certificate`. OCPP 2.0.1 and 2.1 Part 2, A02, M03 to M05; OCPP 1.6 security whitepaper, the same use cases.

What the whitepaper does not know, since it is about vehicles (ISO 15118), goes to a 1.6 station as 2.0.1 says it,
inside a DataTransfer (actors/contract/pnc16_requests.py).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import attrs

from actors.certificates import pem, uses
from actors.certificates.objects import hash_of
from actors.contract.pnc16_requests import wrapped
from actors.station.phrasing import Facts, Payload, Phrase, Phrases, Unsupported, evse_of
from protocol.ocpp.version import Version


def _install(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """M05. What the body holds was checked by whoever made it; here it only gets its usual line breaks."""
    certificate = pem.single(arguments["certificate"], pem.CERTIFICATE)
    return "InstallCertificate", {
        "certificateType": uses.root(facts.version, arguments["use"]),
        "certificate": certificate,
    }


def _install16(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    return _as16(_install, arguments, facts)


def _as16(phrase: Callable[[Mapping[str, Any], Facts], Phrase], arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """As the whitepaper has it where it knows the use, else wrapped."""
    if not uses.of_vehicles(arguments.get("use")):
        return phrase(arguments, facts)
    return wrapped(*phrase(arguments, attrs.evolve(facts, version=Version.V201)))


def _delete(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """M04.FR.07: by the very hash data, algorithm included, that the station reported."""
    told = hash_of(arguments["certificate"])
    if told is None:
        raise Unsupported("`certificate` is no key of an installed certificate: take one from the station's list")
    return "DeleteCertificate", {"certificateHashData": told}


def _delete16(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    action, payload = _delete(arguments, facts)
    use = str(arguments["certificate"]).partition(":")[0]
    return wrapped(action, payload) if uses.of_vehicles(use) else (action, payload)


def _list16(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """M03. 1.6 asks for one use at a time: without one, for the roots that our own certificate is checked with."""
    use = arguments.get("use") or "csms_root"
    if uses.of_vehicles(use):
        return wrapped(*_list2(arguments, attrs.evolve(facts, version=Version.V201)))
    return "GetInstalledCertificateIds", {"certificateType": uses.listed(facts.version, use)}


def _list2(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """M03. Without a use: all that the station holds."""
    use = arguments.get("use")
    payload: Payload = {} if use is None else {"certificateType": [uses.listed(facts.version, use)]}
    return "GetInstalledCertificateIds", payload


def _renew16(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """A02 of the security whitepaper."""
    use = arguments.get("use") or uses.STATION
    if use == "v2g":
        return wrapped("TriggerMessage", {"requestedMessage": uses.TRIGGERS[use]})
    if use != uses.STATION:
        raise Unsupported(f"OCPP 1.6 can be asked to renew the certificate towards us, or v2g, not {use!r}")
    return "ExtendedTriggerMessage", {"requestedMessage": "SignChargePointCertificate"}


def _renew2(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """A02; A02.FR.22 and A02.FR.23 for those of ISO 15118."""
    use = arguments.get("use") or uses.STATION
    if use == "v2g20" and facts.version is not Version.V21:
        raise Unsupported(f"OCPP {facts.version.value} knows no certificates of ISO 15118-20; OCPP 2.1 does")
    payload: Payload = {"requestedMessage": uses.TRIGGERS[use]}
    evse = evse_of(arguments)
    if evse is not None:
        payload["evse"] = evse
    return "TriggerMessage", payload


V16: Final[Phrases] = {
    "install-certificate": _install16,
    "delete-certificate": _delete16,
    "installed-certificates": _list16,
    "renew-certificate": _renew16,
}
V2: Final[Phrases] = {
    "install-certificate": _install,
    "delete-certificate": _delete,
    "installed-certificates": _list2,
    "renew-certificate": _renew2,
}
