"""/certificates/authority: the authorities of our own that sign certificates for stations."""

from typing import Annotated, Any
from uuid import UUID

import uuid_utils.compat as uuids
from msgspec import Meta, Struct

from storage.jobs import NewJob, enqueue
from storage.pool import Connection
from storage.web import authorities as rows
from storage.web.audit import AuditEntry, write_audit
from storage.web.authorities import AuthorityRow
from web.api.call import Answer, Call
from web.api.once import in_one_transaction
from web.api.route import NoQuery, Route
from web.api.views import ListOf
from web.instants import Instant, instant

_AUTHORITY = "make-authority"
_Organization = Annotated[
    str, Meta(min_length=1, max_length=64, pattern="^[^\\x00-\\x1f\\x7f]*$(?!\\n)",
              description="The operator's name, which stations' requests then have to bear (O)")
]



class AuthorityView(Struct, frozen=True, kw_only=True):
    """An authority of our own. `bundle`: issuing authority and root, for a listener's `client-ca`. All in PEM.

    `crossing`: its root signed by the root before it, for stations that check that. `organization_checked`: whether
    requests have to bear its organisation.
    """

    id: str
    status: str
    organization: str
    organization_checked: bool
    root: str
    issuing: str
    bundle: str
    crossing: str | None
    crl_path: str
    crl_until: Instant | None
    created_at: Instant
    not_after: Instant
    retired_at: Instant | None


class NewAuthorityBody(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Without an organisation it is called as the tenant is, and requests are not checked for it."""

    organization: _Organization | None = None


class JobBegun(Struct, frozen=True, kw_only=True):
    """Work that has begun: see /jobs/{id}."""

    job: str


async def list_certificate_authorities(call: Call[NoQuery, None]) -> Answer:
    found = await call.database(rows.list_authorities)
    return Answer(ListOf([_authority_view(row) for row in found], None))


async def make_certificate_authority(call: Call[NoQuery, NewAuthorityBody | None]) -> Answer:
    """Made by a worker, since the web layer holds no keys. The one before retires and stays trusted until its end."""
    wanted = call.body or NewAuthorityBody()

    async def work(connection: Connection) -> Answer:
        job = await begin_job(call, connection, _AUTHORITY, {"organization": wanted.organization}, None, None)
        entry = AuditEntry(
            call.tenant.id, uuids.uuid7(), call.now, call.principal.name, "authority.made", "certificates/authority",
            {"organization": wanted.organization}, call.request_id,
        )
        await write_audit(connection, entry)
        return Answer(JobBegun(job=str(job)), 201, {"Location": f"/api/v1/jobs/{job}"})

    return await in_one_transaction(call, work)


async def begin_job(
    call: Call[Any, Any], connection: Connection, kind: str, state: dict[str, Any], key: str | None,
    station_id: UUID | None,
) -> UUID:
    """Work for a worker, in the call's own transaction."""
    now = call.now
    job = NewJob(
        call.tenant.id, uuids.uuid7(), kind, key, station_id, None, now, now, state,
        requested_by=call.principal.name, request_id=call.request_id,
    )
    await enqueue(connection, job)
    return job.id


def _authority_view(row: AuthorityRow) -> AuthorityView:
    return AuthorityView(
        id=str(row.id), status=row.status, organization=row.organization, organization_checked=row.checked,
        root=row.root, issuing=row.issuing, bundle=row.issuing + row.root, crossing=row.crossing,
        crl_path=f"/crl/{row.tenant_id}/{row.id}.crl", crl_until=instant(row.crl_until),
        created_at=instant(row.created_at), not_after=instant(row.not_after), retired_at=instant(row.retired_at),
    )


ROUTES = [
    Route("GET", "/certificates/authority", list_certificate_authorities,
          "List the authorities of our own, the active one first", {200: ListOf[AuthorityView]}),
    Route("POST", "/certificates/authority", make_certificate_authority,
          "Make a new authority, which signs from then on", {201: JobBegun}, body=NewAuthorityBody,
          body_optional=True, example={"organization": "Example Charging"}, creates=True),
]
