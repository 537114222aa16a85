"""/certificates and /stations/{station}/certificates: what was signed for stations, and what they trust."""

from typing import Any, Literal

import uuid_utils.compat as uuids
from msgspec import Struct

from actors.certificates import objects
from storage.pool import Connection
from storage.web import certificates as rows
from storage.web.audit import AuditEntry, write_audit
from storage.web.certificates import CertificateFilter, CertificateRow
from storage.web.objects import ObjectFilter, ObjectRow, list_objects
from web.api.call import Answer, Call
from web.api.certificate_authorities import begin_job
from web.api.fields import Label
from web.api.listing import listed
from web.api.route import NoQuery, Route
from web.api.stations import find_station, named_station
from web.api.views import ListOf
from web.instants import Instant, instant
from web.paging import Moment, Page
from web.problems import ApiProblem

_REVOKED = "announce-revocation"
_MOST_HELD = 500  # certificates of one station that are shown together
Reason = Literal[
    "unspecified", "key_compromise", "affiliation_changed", "superseded", "cessation_of_operation",
    "privilege_withdrawn",
]


class CertificatesQuery(Page, kw_only=True, frozen=True):
    """`expires_before`: those that end before that time."""

    station: Label | None = None
    use: Literal["station", "v2g", "v2g20"] | None = None
    status: Label | None = None
    expires_before: Moment | None = None
    serial: Label | None = None


class CertificateView(Struct, frozen=True, kw_only=True):
    """A request for a certificate and what became of it.

    `status`: refused, issued, sent, accepted, rejected, revoked, expired or superseded; `reason` says why, where there
    is something to say. `chain`: PEM, the certificate first.
    """

    id: str
    station: str
    station_id: str
    use: str
    status: str
    code: str | None
    reason: str | None
    subject: str | None
    issuer: str | None
    issuer_hash: str | None
    serial: str | None
    fingerprint: str | None
    not_before: Instant | None
    not_after: Instant | None
    renew_at: Instant | None
    authority: str | None
    chain: str | None
    created_at: Instant
    updated_at: Instant
    sent_at: Instant | None
    answered_at: Instant | None
    revoked_at: Instant | None


class Revocation(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Why: as in RFC 5280."""

    reason: Reason = "unspecified"


class HeldCertificate(Struct, frozen=True, kw_only=True):
    """A certificate in a station's trust store, as it told us. `key` names it for `delete-certificate`.

    `subject` and `not_after` are known of those that we have put there.
    """

    key: str
    use: str
    type: str | None
    hash: dict[str, Any]
    children: list[dict[str, Any]]
    since: Instant
    received_at: Instant
    subject: str | None
    not_after: str | None


class StationCertificates(Struct, frozen=True, kw_only=True):
    """`installed`: the trust store, as last told; `issued`: what was asked for and signed, newest first."""

    station: str
    station_id: str
    installed: list[HeldCertificate]
    issued: list[CertificateView]


async def list_certificates(call: Call[CertificatesQuery, None]) -> Answer:
    query = call.query
    station_id = None if query.station is None else await named_station(call, query.station)
    serial = None if query.serial is None else query.serial.lower().lstrip("0")
    wanted = CertificateFilter(station_id, query.use, query.status, query.expires_before, serial)
    return await listed(
        call, "certificates",
        lambda connection, span: rows.list_certificates(connection, *span, wanted), certificate_view,
    )  # fmt: skip


async def get_certificate(call: Call[NoQuery, None]) -> Answer:
    missing = _missing(call)
    certificate_id = call.id_in_path("id", missing)
    row = await call.database(lambda connection: rows.get_certificate(connection, certificate_id))
    if row is None:
        raise missing
    return Answer(certificate_view(row))


async def revoke_certificate(call: Call[NoQuery, Revocation | None]) -> Answer:
    """It counts no more from this answer on; whoever is connected with it is cut off right after."""
    missing, wanted = _missing(call), call.body or Revocation()
    certificate_id = call.id_in_path("id", missing)

    async def work(connection: Connection) -> CertificateRow:
        row = await rows.get_certificate(connection, certificate_id, lock=True)
        if row is None:
            raise missing
        if row.serial is None:
            raise ApiProblem("not_revocable", f"the request was {row.status}: there is no certificate to revoke")
        if row.status != "revoked":
            await rows.revoke_certificate(connection, row, wanted.reason, call.now)
            await begin_job(call, connection, _REVOKED, {"certificate": str(row.id)}, str(row.id), row.station_id)
            entry = AuditEntry(
                call.tenant.id, uuids.uuid7(), call.now, call.principal.name, "certificate.revoked",
                f"certificates/{row.id}", {"reason": wanted.reason, "serial": row.serial}, call.request_id,
            )
            await write_audit(connection, entry)
        return await rows.get_certificate(connection, certificate_id) or row

    return Answer(certificate_view(await call.database(work)))


async def station_certificates(call: Call[NoQuery, None]) -> Answer:
    station = (await find_station(call)).config

    async def look(connection: Connection) -> tuple[list[ObjectRow], list[ObjectRow], list[CertificateRow]]:
        held, sent = [
            await list_objects(connection, _MOST_HELD, None, False, ObjectFilter((kind,), station.id))
            for kind in (objects.INSTALLED, objects.ROOT)
        ]
        issued = await rows.list_certificates(
            connection, _MOST_HELD, None, False, CertificateFilter(station_id=station.id)
        )
        return held, sent, issued

    held, sent, issued = await call.database(look)
    shown = StationCertificates(
        station=station.identity, station_id=str(station.id), installed=[_held(row, sent) for row in held],
        issued=[certificate_view(row) for row in issued],
    )
    return Answer(shown)


def _held(row: ObjectRow, sent: list[ObjectRow]) -> HeldCertificate:
    told = row.data.get("hash") or {}
    ours = next(
        (each.data for each in sent
         if objects.same(told, (each.data.get("hashes") or {}).get(told.get("hashAlgorithm")) or {})),
        {},
    )
    return HeldCertificate(
        key=row.key, use=row.data.get("use", ""), type=row.data.get("type"), hash=told,
        children=row.data.get("children") or [], since=instant(row.since), received_at=instant(row.received_at),
        subject=ours.get("subject"), not_after=ours.get("not_after"),
    )


def _missing(call: Call[Any, Any]) -> ApiProblem:
    return ApiProblem("unknown_certificate", f"no certificate has the id {call.path['id'][:64]!r}")


def certificate_view(row: CertificateRow) -> CertificateView:
    return CertificateView(
        id=str(row.id), station=row.station, station_id=str(row.station_id), use=row.use, status=row.status,
        code=row.code, reason=row.reason, subject=row.subject, issuer=row.issuer, issuer_hash=row.issuer_hash,
        serial=row.serial, fingerprint=row.fingerprint, not_before=instant(row.not_before),
        not_after=instant(row.not_after), renew_at=instant(row.renew_at),
        authority=None if row.authority_id is None else str(row.authority_id), chain=row.chain,
        created_at=instant(row.created_at), updated_at=instant(row.updated_at), sent_at=instant(row.sent_at),
        answered_at=instant(row.answered_at), revoked_at=instant(row.revoked_at),
    )


ROUTES = [
    Route("GET", "/certificates", list_certificates, "List certificates that stations asked for",
          {200: ListOf[CertificateView]}, query=CertificatesQuery, problems=("unknown_station",)),
    Route("GET", "/certificates/{id}", get_certificate, "Read a certificate and what became of it",
          {200: CertificateView}, problems=("unknown_certificate",)),
    Route("POST", "/certificates/{id}/revoke", revoke_certificate, "Revoke a certificate at once",
          {200: CertificateView}, body=Revocation, body_optional=True, example={"reason": "key_compromise"},
          problems=("unknown_certificate", "not_revocable")),
    Route("GET", "/stations/{station}/certificates", station_certificates,
          "Show what a station trusts and what was signed for it", {200: StationCertificates},
          problems=("unknown_station",)),
]
