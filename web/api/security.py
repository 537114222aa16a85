"""/stations/{station}/security and -profile, /security-events, /security-policy, /client-authorities."""

from datetime import timedelta
from typing import Any

import attrs
import uuid_utils.compat as uuids
from msgspec import UNSET

from actors.ports import StationConfig
from actors.security.critical import CRITICAL, is_critical
from actors.security.upgrade import KIND, begin
from storage.jobs import Job, NewJob, enqueue
from storage.jobs.jobs import JobFilter, get_job, list_jobs
from storage.pool import Connection
from storage.web import security as rows
from storage.web.audit import AuditEntry, write_audit
from storage.web.security import CertificateState, SecurityEventFilter, SecurityEventRow
from storage.web.stations import lock_station
from web.api.bodies.security import (
    AuthorityCreate,
    CertificateShown,
    PolicyPut,
    PolicyView,
    RaiseProfile,
    SecurityEventView,
    StationSecurity,
    StationSecurityPatch,
    Taken,
    TrustedAuthorityView,
)
from web.api.call import Answer, Call
from web.api.conditions import check_match, etag
from web.api.durations import duration_seconds
from web.api.fields import Label
from web.api.jobs import JobView, job_view
from web.api.listing import listed
from web.api.once import in_one_transaction
from web.api.route import NoQuery, Route
from web.api.security_authorities import read_authority
from web.api.station_rules import merged_settings
from web.api.stations import find_station, named_station, unknown_station
from web.api.views import ListOf
from web.instants import instant
from web.paging import Between, check_between
from web.problems import ApiProblem

_LONGEST = 30 * 86_400.0  # seconds that a move may take
_USUAL = timedelta(days=1)
_MOST_AUTHORITIES = 200
_CRITICAL = [name.lower() for name in sorted(CRITICAL)]


class SecurityEventsQuery(Between, kw_only=True, frozen=True):
    """`critical=true`: those that the specification calls so; `event`: its name, in any case."""

    station: Label | None = None
    critical: bool | None = None
    event: Label | None = None


async def get_security(call: Call[NoQuery, None]) -> Answer:
    return await _shown(call)


async def _shown(call: Call[Any, Any]) -> Answer:
    found = await find_station(call)
    return Answer(await _security(call, found.config), headers={"ETag": etag(found.revision)})


async def _security(call: Call[Any, Any], station: StationConfig) -> StationSecurity:
    async def read(connection: Connection) -> tuple[CertificateState | None, list[Job]]:
        found = await rows.certificate_state(connection, station.id, call.now)
        return found, await list_jobs(connection, 1, None, False, JobFilter(KIND, None, station.id))

    certificate, jobs = await call.database(read)
    live = call.context.stations.live(station.id)
    own = station.settings
    return StationSecurity(
        station=station.identity, station_id=str(station.id), security_profile=station.security_profile,
        highest_profile=station.highest_profile, connected_with=live.security_profile if live is not None else None,
        has_password=station.password_hash is not None, password_pending=station.pending_password_hash is not None,
        certificate_names=list(own.get("certificate_names", ())), organizations=list(own.get("organizations", ())),
        check_username=bool(own.get("check_username", False)),
        accept_expired_certificate=bool(own.get("accept_expired_certificate", False)),
        certificate=None if certificate is None else _certificate(certificate),
        job=str(jobs[0].id) if jobs else None, job_status=jobs[0].status if jobs else None,
    )  # fmt: skip


def _certificate(found: CertificateState) -> CertificateShown:
    return CertificateShown(
        status=found.status, subject=found.subject, serial=found.serial, not_after=instant(found.not_after),
        reason=found.reason,
    )  # fmt: skip


async def patch_security(call: Call[NoQuery, StationSecurityPatch]) -> Answer:
    station_id = (await find_station(call)).config.id
    asked = {name: getattr(call.body, name) for name in call.body.__struct_fields__}
    asked = {name: (value or None) if value is not UNSET else UNSET for name, value in asked.items()}

    async def change(connection: Connection) -> None:
        there = await lock_station(connection, station_id, call.tenant.slug)
        if there is None:
            raise unknown_station(call.path["station"])
        check_match(call.if_match, there.revision)
        await rows.write_settings(connection, station_id, merged_settings(there.config.settings, asked), call.now)
        given = {name: value for name, value in asked.items() if value is not UNSET}
        await write_audit(connection, _entry(call, "station.security", f"stations/{station_id}", given))

    await call.database(change)
    await call.context.stations.reconfigured(station_id)
    return await _shown(call)


def _entry(call: Call[Any, Any], action: str, subject: str, detail: dict[str, Any]) -> AuditEntry:
    return AuditEntry(
        call.tenant.id, uuids.uuid7(), call.now, call.principal.name, action, subject, detail, call.request_id
    )


async def raise_profile(call: Call[NoQuery, RaiseProfile]) -> Answer:
    """202 with the job. A lower profile is no business of OCPP (A00.FR.005): that needs a PATCH of the station."""
    station, body = (await find_station(call)).config, call.body
    if body.profile <= station.security_profile:
        why = f"the station has profile {station.security_profile} already; PATCH the station to lower it"
        raise ApiProblem("invalid_body", why, errors=[("/profile", why)])
    wanted = None if body.url is UNSET else body.url
    if wanted is not None and wanted.startswith("wss://") != (body.profile >= 2):
        why = "profile 1 has a ws:// address, profiles 2 and 3 have wss://"
        raise ApiProblem("invalid_body", why, errors=[("/url", why)])
    root = None if body.csms_root is UNSET else body.csms_root
    if root is not None:
        await read_authority(root, call.now, "/csms_root")
    seconds = _USUAL.total_seconds() if body.within is UNSET else duration_seconds("within", body.within, _LONGEST)
    job = NewJob(
        call.tenant.id, uuids.uuid7(), KIND, str(station.id), station.id, f"stations/{station.id}", call.now, call.now,
        state=begin(
            body.profile, url=wanted, slot=None if body.slot is UNSET else body.slot, interface=body.interface,
            root=root, reset=body.reset,
        ),
        expires_at=call.now + timedelta(seconds=seconds), requested_by=call.principal.name, request_id=call.request_id,
    )  # fmt: skip
    return await in_one_transaction(call, lambda connection: _begun(connection, job))


async def _begun(connection: Connection, job: NewJob) -> Answer:
    if not await enqueue(connection, job):
        raise ApiProblem("already_exists", "this station is being moved up already; see its job, or cancel it")
    made = await get_job(connection, job.id)
    assert made is not None  # in this very transaction
    return Answer(job_view(made), 202, {"Location": f"/api/v1/jobs/{job.id}"})


async def list_security_events(call: Call[SecurityEventsQuery, None]) -> Answer:
    query = call.query
    check_between(query)
    station_id = None if query.station is None else await named_station(call, query.station)
    wanted = SecurityEventFilter(station_id, query.event, query.critical, query.since, query.until)
    return await listed(
        call, "security-events",
        lambda connection, span: rows.list_security_events(connection, *span, wanted, _CRITICAL), event_view,
    )  # fmt: skip


def event_view(row: SecurityEventRow) -> SecurityEventView:
    payload = row.payload if isinstance(row.payload, dict) else {}
    event = str(payload.get("type", ""))
    return SecurityEventView(
        id=str(row.id), station=row.station, station_id=str(row.station_id), event=event, critical=is_critical(event),
        at=payload.get("timestamp"), info=payload.get("techInfo"), received_at=instant(row.received_at),
    )  # fmt: skip


async def get_policy(call: Call[NoQuery, None]) -> Answer:
    policy = await call.database(rows.read_policy)
    return Answer(_policy(policy), headers={"ETag": etag(policy.revision)})


def _policy(policy: rows.Policy) -> PolicyView:
    return PolicyView(
        organizations=policy.organizations, contract_status_unverified=_word(policy.unverified_status),
        contract_status_unnamed=_word(policy.unnamed_status),
    )  # fmt: skip


def _word(taken: bool) -> Taken:
    return "take" if taken else "refuse"


async def put_policy(call: Call[NoQuery, PolicyPut]) -> Answer:
    body = call.body
    policy = rows.Policy(
        list(dict.fromkeys(body.organizations)), body.contract_status_unverified == "take",
        body.contract_status_unnamed == "take",
    )  # fmt: skip

    async def write(connection: Connection) -> rows.Policy:
        there = await rows.read_policy(connection)
        check_match(call.if_match, there.revision)
        seen = None if call.if_match is None else there.revision
        if await rows.write_policy(connection, call.tenant.id, policy, call.now, seen) is None:
            raise ApiProblem("precondition_failed", "the rules were changed meanwhile; read them and repeat the change")
        detail = attrs.asdict(policy, filter=lambda field, _: field.name != "revision")
        await write_audit(connection, _entry(call, "security.policy", "security-policy", detail))
        return await rows.read_policy(connection)

    written = await call.database(write)
    call.context.security_changed()
    return Answer(_policy(written), headers={"ETag": etag(written.revision)})


async def list_authorities(call: Call[NoQuery, None]) -> Answer:
    found = await call.database(lambda connection: rows.list_authorities(connection, _MOST_AUTHORITIES))
    left_out = call.context.left_out(call.tenant.id)
    return Answer(ListOf([_authority(row, left_out) for row in found], None))


def _authority(row: rows.AuthorityRow, left_out: frozenset[str]) -> TrustedAuthorityView:
    return TrustedAuthorityView(
        fingerprint=row.fingerprint, name=row.name, certificate=row.certificate, not_after=instant(row.not_after),
        added_at=instant(row.added_at), in_use=row.fingerprint not in left_out,
    )  # fmt: skip


async def create_authority(call: Call[NoQuery, AuthorityCreate]) -> Answer:
    found = await read_authority(call.body.certificate, call.now, "/certificate")
    row = rows.NewAuthority(
        call.tenant.id, found.fingerprint, found.name, found.pem, found.not_after, call.now
    )

    if await call.context.name_taken(call.tenant.id, found.certificate):
        raise ApiProblem("authority_name_taken", f"somebody else trusts another authority named {found.name}")

    async def write(connection: Connection) -> Answer:
        there = await rows.list_authorities(connection, _MOST_AUTHORITIES)
        if len(there) >= _MOST_AUTHORITIES:
            raise ApiProblem("invalid_body", f"{_MOST_AUTHORITIES} authorities are there; delete one first")
        if not await rows.insert_authority(connection, row):
            raise ApiProblem("already_exists", "this authority is there")
        await write_audit(connection, _entry(call, "authority.added", f"client-authorities/{row.fingerprint}",
                                             {"name": row.name}))
        view = TrustedAuthorityView(
            fingerprint=row.fingerprint, name=row.name, certificate=row.certificate,
            not_after=instant(row.not_after), added_at=instant(row.now), in_use=True,
        )  # fmt: skip
        return Answer(view, 201, {"Location": f"/api/v1/client-authorities/{row.fingerprint}"})

    answer = await in_one_transaction(call, write)
    call.context.security_changed()
    return answer


async def delete_authority(call: Call[NoQuery, None]) -> Answer:
    fingerprint = call.path["fingerprint"].lower()

    async def delete(connection: Connection) -> None:
        if "\x00" in fingerprint or not await rows.delete_authority(connection, fingerprint):
            raise ApiProblem("unknown_authority", "no authority has this fingerprint")
        await write_audit(connection, _entry(call, "authority.removed", f"client-authorities/{fingerprint}", {}))

    await call.database(delete)
    call.context.security_changed()
    return Answer(status=204)


_RAISE = {"profile": 2, "url": "wss://ocpp.example:9443/ocpp"}

ROUTES = [
    Route("GET", "/stations/{station}/security", get_security, "Read how a station is secured",
          {200: StationSecurity}, problems=("unknown_station",)),
    Route("PATCH", "/stations/{station}/security", patch_security, "Change what a station's credentials must be",
          {200: StationSecurity}, body=StationSecurityPatch, example={"certificate_names": ["SN-0042"]},
          conditional=True, merge_patch=True, problems=("unknown_station", "precondition_failed"),
          description="Its ETag is the station's own."),
    Route("POST", "/stations/{station}/security-profile", raise_profile, "Move a station up to a security profile",
          {202: JobView}, body=RaiseProfile, example=_RAISE, creates=True,
          problems=("unknown_station", "already_exists"),
          description="A job: password or certificate first where the profile needs one, then the station changes "
                      "over, then it must come back. From then on a lower profile is refused."),
    Route("GET", "/security-events", list_security_events, "List what stations told of attacks and changes",
          {200: ListOf[SecurityEventView]}, query=SecurityEventsQuery, problems=("unknown_station",)),
    Route("GET", "/security-policy", get_policy, "Read the rules for certificates", {200: PolicyView}),
    Route("PUT", "/security-policy", put_policy, "Set the rules for certificates", {200: PolicyView},
          body=PolicyPut, example={"organizations": ["Example Charging"]}, conditional=True,
          problems=("precondition_failed",)),
    Route("GET", "/client-authorities", list_authorities, "List authorities that sign stations' certificates",
          {200: ListOf[TrustedAuthorityView]}),
    Route("POST", "/client-authorities", create_authority, "Trust an authority to sign stations' certificates",
          {201: TrustedAuthorityView}, body=AuthorityCreate, creates=True,
          problems=("already_exists", "authority_name_taken"),
          example={"certificate": "-----BEGIN CERTIFICATE-----\nMIIB…\n-----END CERTIFICATE-----\n"
                                  "(the whole certificate of a root or of an issuing authority)"}),
    Route("DELETE", "/client-authorities/{fingerprint}", delete_authority, "Trust an authority no longer", {204: None},
          problems=("unknown_authority",)),
]
