"""What answers tell of a station's trust store: M03 to M05 of OCPP 2.0.1 and 2.1 Part 2 and of the 1.6 whitepaper."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from cryptography import x509

from actors.certificates import hashes, pem
from actors.certificates.objects import INSTALLED, ROOT, key_of
from actors.certificates.uses import ours
from actors.records import Record
from actors.station.exchange import Exchange, Learned
from protocol.events.types import timestamp
from protocol.ocpp.client_certificate import fingerprint
from protocol.ocpp.version import Version

LIST: Final = "list-certificates"
_MOST_READ: Final = 6_000  # characters of a certificate


def _installed(exchange: Exchange) -> Iterator[Record]:
    """M05.FR.02. What the station calls it by is asked of the station itself, by a job."""
    request = exchange.request
    if not exchange.accepted or not isinstance(request, Mapping):
        return
    use = ours(str(request.get("certificateType")))
    try:
        if len(str(request.get("certificate"))) > _MOST_READ:
            raise pem.NotPem("so much may be in it that reading it here takes milliseconds")
        text = pem.single(str(request.get("certificate")), pem.CERTIFICATE)
        certificate = x509.load_pem_x509_certificate(text.encode())
        data = {
            "use": use,
            "subject": certificate.subject.rfc4514_string(),
            "not_before": timestamp(certificate.not_valid_before_utc),
            "not_after": timestamp(certificate.not_valid_after_utc),
            "certificate": text,
            "hashes": hashes.of_root(certificate),
        }
    except (ValueError, x509.InvalidVersion):  # large, or sent unchecked, and taken: the station alone knows what it is
        pass
    else:
        yield from exchange.object(ROOT, fingerprint(certificate), data, "installed")
    yield _ask_again(exchange)


def _deleted(exchange: Exchange) -> Iterator[Record]:
    """M04.FR.02; after M04.FR.04 (NotFound) it is gone as well."""
    request = exchange.request
    told = request.get("certificateHashData") if isinstance(request, Mapping) else None
    if exchange.status not in ("Accepted", "NotFound") or not isinstance(told, dict):
        return
    yield exchange.matching(INSTALLED, {"hash": told})
    yield _ask_again(exchange)


def _ask_again(exchange: Exchange) -> Record:
    return exchange.job(LIST, {})  # without a key: a list that is under way may have missed this change


def _listed(exchange: Exchange) -> Iterator[Record]:
    """M03.FR.02 to FR.05: what was asked for and is not in the answer is not there."""
    request = exchange.request
    asked = request.get("certificateType") if isinstance(request, Mapping) else None
    if exchange.status not in ("Accepted", "NotFound"):
        return
    kept = []
    for use, kind, told, children in _entries(exchange, asked):
        key = key_of(use, told)
        kept.append(key)
        data = {"use": use, "type": kind, "hash": dict(told), "children": children}
        yield from exchange.object(INSTALLED, key, data, "installed")
    for match in _asked(asked):
        yield exchange.matching(INSTALLED, match, keep=kept)


def _entries(exchange: Exchange, asked: Any) -> Iterator[tuple[str, str, Mapping[str, Any], list[dict[str, Any]]]]:
    if exchange.station.version is Version.V16:
        kind = str(asked)
        for told in exchange.answer.get("certificateHashData") or ():
            yield ours(kind), kind, told, []
        return
    for chain in exchange.answer.get("certificateHashDataChain") or ():
        kind = chain["certificateType"]
        yield ours(kind), kind, chain["certificateHashData"], list(chain.get("childCertificateHashData") or ())


def _asked(asked: Any) -> list[dict[str, Any]]:
    """What the list was narrowed to; all of them when it was not."""
    if not asked:
        return [{}]
    kinds = asked if isinstance(asked, list) else [asked]
    return [{"use": ours(str(kind))} for kind in kinds]


LEARN: Final[Learned] = {
    "InstallCertificate": _installed,
    "DeleteCertificate": _deleted,
    "GetInstalledCertificateIds": _listed,
}
