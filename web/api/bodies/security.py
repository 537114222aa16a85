"""Bodies and answers of what concerns security: profiles, certificates' rules, authorities, events."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from web.api.fields import Label
from web.instants import Instant

Taken = Literal["take", "refuse"]
_Names = Annotated[list[Label], Meta(max_length=50)]
_Raised = Annotated[int, Meta(ge=1, le=3, description="OCPP security profile to move up to")]
_Address = Annotated[str, Meta(min_length=6, max_length=512, pattern=r"^wss?://[^\s?#]+$(?!\n)")]
_Pem = Annotated[str, Meta(min_length=64, max_length=20_000)]
_Within = Annotated[str, Meta(max_length=20, description="How long it may take, such as PT1H; a day by default")]


class RaiseProfile(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Moves a station up to a security profile.

    `url`: where it finds us then, without its identity (2.x; by default VOLTYARD_OCPP_PUBLIC_URL). `slot`: of its
    network profiles; by default one that is not in use. `csms_root`: PEM of the root that signed our certificate, sent
    first. `reset`: how a 2.x station is made to change over.
    """

    profile: _Raised
    url: _Address | UnsetType = UNSET
    slot: Annotated[int, Meta(ge=0, le=1000)] | UnsetType = UNSET
    interface: Label = "Wired0"
    csms_root: _Pem | UnsetType = UNSET
    reset: Annotated[str, Meta(pattern="^(on_idle|immediate)$(?!\\n)")] = "on_idle"
    within: _Within | UnsetType = UNSET


class StationSecurityPatch(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A JSON merge patch: null takes a value away.

    `certificate_names`: common names its certificate may have beside the identity; without any: the serial number that
    it tells. `organizations`: operator names over those of the tenant. `check_username`: the user name must be the
    identity. `accept_expired_certificate`: an expired certificate is taken, the station is Pending and asked to renew.
    """

    certificate_names: _Names | UnsetType | None = UNSET
    organizations: _Names | UnsetType | None = UNSET
    check_username: bool | UnsetType | None = UNSET
    accept_expired_certificate: bool | UnsetType | None = UNSET


class CertificateShown(Struct, frozen=True, kw_only=True):
    """The newest certificate that was made for a station, and what became of it."""

    status: str
    subject: str | None
    serial: str | None
    not_after: Instant | None
    reason: str | None


class StationSecurity(Struct, frozen=True, kw_only=True):
    """How a station is secured.

    `security_profile` is the least that is taken, `highest_profile` the highest that has worked, `connected_with` that
    of the connection it has now. `job`: the last move to a higher one.
    """

    station: str
    station_id: str
    security_profile: int
    highest_profile: int
    connected_with: int | None
    has_password: bool
    password_pending: bool
    certificate_names: list[str]
    organizations: list[str]
    check_username: bool
    accept_expired_certificate: bool
    certificate: CertificateShown | None
    job: str | None
    job_status: str | None


class SecurityEventView(Struct, frozen=True, kw_only=True):
    """A security event as a station told it. `critical`: the specification calls it so."""

    id: str
    station: str
    station_id: str
    event: str
    critical: bool
    at: str | None
    info: str | None
    received_at: Instant


class PolicyPut(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A tenant's rules: `organizations` are what O in stations' certificates may be; none: it is not checked.

    Of contract certificates: `contract_status_unverified`, whether an answer about revocation counts whose signature
    cannot be checked, since its issuer is not among /contract-roots; `contract_status_unnamed`, whether a certificate
    counts that names neither a responder nor a list (never on a strict station). What is left out is as at first.
    """

    organizations: _Names
    contract_status_unverified: Taken = "refuse"
    contract_status_unnamed: Taken = "take"


class PolicyView(Struct, frozen=True, kw_only=True):
    """A tenant's rules for certificates of its stations and of contracts."""

    organizations: list[str]
    contract_status_unverified: Taken
    contract_status_unnamed: Taken


class AuthorityCreate(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """An authority, as one certificate in PEM."""

    certificate: _Pem


class TrustedAuthorityView(Struct, frozen=True, kw_only=True):
    """An authority whose certificates this tenant's stations may show.

    `in_use` false: somebody else has an authority of the same name and another key, and had it first.
    """

    fingerprint: str
    name: str
    certificate: str
    not_after: Instant
    added_at: Instant
    in_use: bool
