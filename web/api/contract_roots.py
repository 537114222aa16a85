"""/contract-roots: whom a tenant trusts to issue contract certificates (ISO 15118 plug and charge)."""

from typing import Annotated, Any, Literal
from uuid import UUID

import trio
import uuid_utils.compat as uuids
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from msgspec import Meta, Struct

from actors.contract import chain
from actors.contract.objects import ContractFinding
from actors.contract.signatures import issued_by
from storage.pool import Connection
from storage.web import contract_roots as rows
from storage.web.contract_roots import MOST, NewRoot, RootRow
from web.api.call import Answer, Call
from web.api.fields import Label
from web.api.once import in_one_transaction
from web.api.route import NoQuery, Route
from web.api.views import ListOf
from web.instants import Instant, instant
from web.paging import Page, cut, decode_cursor
from web.problems import ApiProblem
from web.validation import NotValid

_threads = trio.CapacityLimiter(2)
Use = Literal["MORoot", "V2GRoot", "OEMRoot", "SubCA"]


class RootsQuery(Page, kw_only=True, frozen=True):
    """`use` narrows."""

    use: Use | None = None


class RootCreate(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A certificate to trust. A `SubCA` ends no chain: it helps to build one and to check OCSP answers."""

    use: Use
    pem: Annotated[str, Meta(min_length=1, max_length=20_000)]
    name: Label | None = None


class RootView(Struct, frozen=True, kw_only=True):
    """A certificate that is trusted; `fingerprint` is SHA-256 over its DER."""

    id: str
    use: str
    name: str | None
    subject: str
    fingerprint: str
    not_before: Instant
    not_after: Instant
    expired: bool
    pem: str
    created_at: Instant


async def list_roots(call: Call[RootsQuery, None]) -> Answer:
    query = call.query
    after = decode_cursor("contract-roots", query, UUID)
    found = await call.database(
        lambda connection: rows.list_roots(connection, query.limit + 1, after, query.order == "oldest", query.use)
    )
    shown, more = cut("contract-roots", query, found, lambda row: row.id)
    return Answer(ListOf([_view(row, call) for row in shown], more))


async def get_root(call: Call[NoQuery, None]) -> Answer:
    missing = _missing(call)
    root_id = call.id_in_path("id", missing)
    row = await call.database(lambda connection: rows.get_root(connection, root_id))
    if row is None:
        raise missing
    return Answer(_view(row, call))


async def create_root(call: Call[NoQuery, RootCreate]) -> Answer:
    # In a thread: a certificate may hold so much that it takes milliseconds.
    new = await trio.to_thread.run_sync(_new, call, limiter=_threads)

    async def insert(connection: Connection) -> Answer:
        if await rows.count_roots(connection) >= MOST:
            raise NotValid([("", f"there are {MOST} certificates already; delete one first")])
        if not await rows.insert_root(connection, new):
            raise ApiProblem("already_exists", "this certificate is trusted already")
        row = await rows.get_root(connection, new.id)
        assert row is not None  # inserted above
        return Answer(_view(row, call), 201, {"Location": f"/api/v1/contract-roots/{new.id}"})

    return await in_one_transaction(call, insert)


async def delete_root(call: Call[NoQuery, None]) -> Answer:
    missing = _missing(call)
    root_id = call.id_in_path("id", missing)
    if not await call.database(lambda connection: rows.delete_root(connection, root_id)):
        raise missing
    return Answer(status=204)


def _new(call: Call[NoQuery, RootCreate]) -> NewRoot:
    certificate = _certificate(call.body)
    try:
        return NewRoot(
            call.tenant.id, uuids.uuid7(), call.body.use, call.body.name, certificate.subject.rfc4514_string()[:500],
            certificate.fingerprint(hashes.SHA256()).hex(), certificate.not_valid_before_utc,
            certificate.not_valid_after_utc, call.body.pem, call.now,
        )  # fmt: skip
    except ValueError as error:  # of its names
        raise NotValid([("/pem", f"it cannot be read: {error}"[:300])]) from None


def _certificate(body: RootCreate) -> x509.Certificate:
    found = chain.parse(body.pem)
    if isinstance(found, ContractFinding):
        raise NotValid([("/pem", found.why.replace("`certificate`", "it"))])
    if len(found) != 1:
        raise NotValid([("/pem", f"it holds {len(found)} certificates; send one a request")])
    certificate = found[0]
    if not chain.is_authority(certificate):
        raise NotValid([("/pem", "it may not issue certificates (basic constraints); send an authority's")])
    if body.use != "SubCA" and not issued_by(certificate, certificate):
        raise NotValid([("/use", "it is not self-signed, so it is no root; use SubCA")])
    return certificate


def _missing(call: Call[Any, Any]) -> ApiProblem:
    return ApiProblem("unknown_contract_root", f"no certificate has the id {call.path['id'][:64]!r}")


def _view(row: RootRow, call: Call[Any, Any]) -> RootView:
    return RootView(
        id=str(row.id), use=row.use, name=row.name, subject=row.subject, fingerprint=row.fingerprint,
        not_before=instant(row.not_before), not_after=instant(row.not_after), expired=row.not_after < call.now,
        pem=row.pem, created_at=instant(row.created_at),
    )


ROUTES = [
    Route("GET", "/contract-roots", list_roots, "List whom contracts are trusted from", {200: ListOf[RootView]},
          query=RootsQuery),
    Route("POST", "/contract-roots", create_root, "Trust an issuer of contract certificates", {201: RootView},
          body=RootCreate, creates=True, problems=("already_exists",),
          example={"use": "MORoot", "name": "A mobility operator",
                   "pem": "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n"}),
    Route("GET", "/contract-roots/{id}", get_root, "Read one of them", {200: RootView},
          problems=("unknown_contract_root",)),
    Route("DELETE", "/contract-roots/{id}", delete_root, "Trust it no longer", {204: None},
          problems=("unknown_contract_root",)),
]
