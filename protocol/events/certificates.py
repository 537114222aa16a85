"""Events about certificates that stations asked for, and about the authorities that sign them."""

from typing import Annotated, Any, ClassVar
from uuid import UUID

from protocol.events.base import EventData, Instant, StationId, StationName, Text, told

_CERTIFICATE = {
    "certificate_id": "01930c25-1111-7c3e-9a55-3f1f0b6c2d11", "station_id": "01930c1e-7d5a-7c3e-9a55-3f1f0b6c2d11",
    "station": "CP001", "use": "station",
}  # fmt: skip
_NAMED = {"serial": "5f2a09", "issuer_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}
CertificateId = Annotated[UUID, told("Our id of the certificate, or of the refused request for one.")]
Use = Annotated[str, told("What it is for: station (towards us), v2g (ISO 15118-2) or v2g20 (ISO 15118-20).")]
Serial = Annotated[str, told("Serial number in lower-case hexadecimal, without leading zeros.")]
IssuerHash = Annotated[str, told("SHA-256 of the issuer's name in DER, lower-case hexadecimal.")]


class AboutCertificate(EventData, frozen=True, kw_only=True, gc=False):
    """What every event about one certificate says."""

    subject: ClassVar[str] = "certificates/{certificate_id}"

    certificate_id: CertificateId
    station_id: StationId
    station: StationName
    use: Use


class CertificateRefused(EventData, frozen=True, kw_only=True, gc=False):
    """A station's request for a certificate was refused, by us or by the authority."""

    type: ClassVar[str] = "voltyard.certificate.refused.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = _CERTIFICATE | {
        "code": "wrong_name", "reason": "the common name is 'B-99'; this station's serial number is 'A-17'",
    }  # fmt: skip

    station_id: StationId
    station: StationName
    use: Use
    code: Annotated[str, told("The reason in our stable words, such as not_readable, weak_key or wrong_name.")]
    reason: Annotated[str, told("The reason in a sentence, with what to do.")]
    certificate_id: Annotated[UUID | None, told("Our id of the refused request; none when it could not be read.")] = (
        None
    )


class CertificateIssued(AboutCertificate, frozen=True, kw_only=True, gc=False):
    """A certificate was signed for a station; the station has yet to take it."""

    type: ClassVar[str] = "voltyard.certificate.issued.v1"
    example: ClassVar[dict[str, Any]] = _CERTIFICATE | _NAMED | {
        "subject_name": "CN=A-17,O=Example", "not_before": "2026-03-01T08:00:00.000Z",
        "not_after": "2027-03-01T08:00:00.000Z",
    }  # fmt: skip

    serial: Serial
    issuer_hash: IssuerHash
    subject_name: Annotated[str, told("The subject as text, RFC 4514.")]
    not_before: Annotated[Instant, told("Valid from.")]
    not_after: Annotated[Instant, told("Valid until.")]


class CertificateAccepted(AboutCertificate, frozen=True, kw_only=True, gc=False):
    """The station has taken the certificate; an older one for the same use is superseded."""

    type: ClassVar[str] = "voltyard.certificate.accepted.v1"
    example: ClassVar[dict[str, Any]] = _CERTIFICATE | _NAMED | {"not_after": "2027-03-01T08:00:00.000Z"}

    serial: Serial
    issuer_hash: IssuerHash
    not_after: Annotated[Instant, told("Valid until.")]


class CertificateRejected(AboutCertificate, frozen=True, kw_only=True, gc=False):
    """The station did not take the certificate, or could not be given it."""

    type: ClassVar[str] = "voltyard.certificate.rejected.v1"
    example: ClassVar[dict[str, Any]] = _CERTIFICATE | {"reason": "the station answered Rejected: InvalidCertificate"}

    reason: Annotated[str, told("What the station said, or why it could not be sent.")]


class CertificateRevoked(AboutCertificate, frozen=True, kw_only=True, gc=False):
    """A certificate must not be trusted any more: whoever is connected with it is cut off."""

    type: ClassVar[str] = "voltyard.certificate.revoked.v1"
    example: ClassVar[dict[str, Any]] = _CERTIFICATE | _NAMED | {"reason": "key_compromise"}

    serial: Serial
    issuer_hash: IssuerHash
    reason: Annotated[Text, told("Why, as the operator said: key_compromise, superseded, cessation_of_operation …")] = (
        None
    )


class CertificateExpiring(AboutCertificate, frozen=True, kw_only=True, gc=False):
    """A certificate in use nears its end; the station is asked to renew it."""

    type: ClassVar[str] = "voltyard.certificate.expiring.v1"
    example: ClassVar[dict[str, Any]] = _CERTIFICATE | {"not_after": "2027-03-01T08:00:00.000Z"}

    not_after: Annotated[Instant, told("Valid until.")]


class CertificateExpired(AboutCertificate, frozen=True, kw_only=True, gc=False):
    """A certificate that was in use has expired without a successor."""

    type: ClassVar[str] = "voltyard.certificate.expired.v1"
    example: ClassVar[dict[str, Any]] = _CERTIFICATE | {"not_after": "2027-03-01T08:00:00.000Z"}

    not_after: Annotated[Instant, told("It was valid until then.")]


class RenewalFailed(AboutCertificate, frozen=True, kw_only=True, gc=False):
    """A station does not renew its certificate although it was asked to; it is asked again until the end."""

    type: ClassVar[str] = "voltyard.certificate.renewal_failed.v1"
    example: ClassVar[dict[str, Any]] = _CERTIFICATE | {"reason": "the station answered NotImplemented"}

    reason: Annotated[str, told("What the station said, or that it said nothing.")]


EVENTS: tuple[type[EventData], ...] = (
    CertificateRefused, CertificateIssued, CertificateAccepted, CertificateRejected, CertificateRevoked,
    CertificateExpiring, CertificateExpired, RenewalFailed,
)  # fmt: skip
