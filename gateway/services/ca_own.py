"""Our own certificate authority, one a tenant, made when it is first needed."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

import trio
from cryptography import x509

from actors.certificates import chain, hashes
from actors.certificates.objects import same
from gateway.services.ca import AuthorityAway, AuthorityRefused, Signed, SigningOrder
from gateway.services.ca_keys import KeySeal, NotOurs
from gateway.services.ca_making import CRL_LASTS, Made, Pair, make_authority, make_crl, make_leaf
from protocol.ocpp.client_certificate import fingerprint, subject_hash
from storage.errors import StoreError
from storage.pool import Connection
from storage.web import authorities as rows
from storage.web.authorities import AuthorityRow, NewAuthority, OperatorNames, RevokedRow

T = TypeVar("T")
_THREADS: Final = trio.CapacityLimiter(2)  # signing is work for a processor, and stations must be served beside it
_REASONS: Final = {
    "key_compromise": x509.ReasonFlags.key_compromise,
    "affiliation_changed": x509.ReasonFlags.affiliation_changed,
    "superseded": x509.ReasonFlags.superseded,
    "cessation_of_operation": x509.ReasonFlags.cessation_of_operation,
    "privilege_withdrawn": x509.ReasonFlags.privilege_withdrawn,
}


async def in_thread(work: Callable[..., T], *arguments: Any) -> T:
    """Cryptography beside the loop, a little at a time."""
    return await trio.to_thread.run_sync(work, *arguments, limiter=_THREADS)


class OwnAuthority:
    """Implements `ca.Authority`. `crl_base`: the address that lists of revoked certificates are fetched at, or None."""

    def __init__(
        self, database: Callable[..., Awaitable[Any]], data_dir: Path, new_id: Callable[[], UUID], crl_base: str | None
    ) -> None:
        self._database = database
        self._data_dir = data_dir
        self._new_id = new_id
        self._crl_base = crl_base

    async def sign(self, order: SigningOrder) -> Signed:
        """Raises AuthorityRefused for a root that is not ours, AuthorityAway when its keys cannot be opened."""
        row: AuthorityRow | None = await self._database(order.tenant_id, rows.active_authority)
        if row is None:
            await self.make(order.tenant_id, None, order.now, replace=False)
            row = await self._database(order.tenant_id, rows.active_authority)
        if row is None:
            raise AuthorityAway("the tenant's authority was taken away while it was asked")
        try:
            return await in_thread(self._sign, order, row)
        except (NotOurs, StoreError) as error:
            raise AuthorityAway(str(error)) from None

    def _sign(self, order: SigningOrder, row: AuthorityRow) -> Signed:
        """A02.FR.27: the station may name the root; only ours can be meant here."""
        root = x509.load_pem_x509_certificate(row.root.encode())
        if order.root is not None and not any(same(order.root, known) for known in hashes.of_root(root).values()):
            raise AuthorityRefused("unknown_root", "it asks for a root certificate that is not this authority's")
        issuing = self._issuing(row)
        csr = x509.load_pem_x509_csr(order.csr.encode())
        leaf = make_leaf(csr, issuing, order.now, order.lasts, self._crl_url(row))
        return Signed(chain.written([leaf, issuing.certificate]), row.id)

    def _issuing(self, row: AuthorityRow) -> Pair:
        key = KeySeal.open(self._data_dir).unseal(row.issuing_key, row.id, "issuing key")
        return Pair(x509.load_pem_x509_certificate(row.issuing.encode()), key)

    def _crl_url(self, row: AuthorityRow) -> str | None:
        return None if self._crl_base is None else f"{self._crl_base}/crl/{row.tenant_id}/{row.id}.crl"

    async def make(
        self, tenant_id: UUID, organization: str | None, now: datetime, *, id_: UUID | None = None, replace: bool = True
    ) -> UUID:
        """A new one, which signs from now on; without `replace` only when there is none. Returns the active one's id.

        `organization` is then what requests have to name; without one it is called as the tenant is. Doing it again
        with the same `id_` changes nothing.
        """
        names: OperatorNames = await self._database(tenant_id, rows.operator_names)
        before: AuthorityRow | None = await self._database(tenant_id, rows.active_authority)
        if before is not None and (before.id == id_ or not replace):
            return before.id
        called = organization or next(iter(names.organizations), None) or names.name
        made = await in_thread(self._made, called, now, before)
        row = await in_thread(self._row, tenant_id, id_ or self._new_id(), called, made, now, organization is not None)
        root = made.root.certificate

        async def insert(connection: Connection) -> UUID:
            await rows.lock_authorities(connection, tenant_id)
            found = await rows.active_authority(connection)
            if found is not None and (before is None or found.id != before.id):
                return found.id  # somebody was faster
            await rows.insert_authority(connection, row)
            await rows.trust_root(connection, row, fingerprint(root), root.subject.rfc4514_string())
            return row.id

        active: UUID = await self._database(tenant_id, insert)
        return active

    def _made(self, organization: str, now: datetime, before: AuthorityRow | None) -> Made:
        """The root before signs the new one, when its key can still be opened (M05.FR.10)."""
        pair = None
        if before is not None:
            try:
                key = KeySeal.open(self._data_dir).unseal(before.root_key, before.id, "root key")
                pair = Pair(x509.load_pem_x509_certificate(before.root.encode()), key)
            except NotOurs:
                pair = None  # its file is lost: that is what a new authority is made for
        return make_authority(organization, now, pair)

    def _row(
        self, tenant_id: UUID, id_: UUID, organization: str, made: Made, now: datetime, checked: bool
    ) -> NewAuthority:
        seal = KeySeal.open(self._data_dir)
        return NewAuthority(
            tenant_id=tenant_id, id=id_, organization=organization, checked=checked,
            root=chain.written([made.root.certificate]), issuing=chain.written([made.issuing.certificate]),
            crossing=None if made.crossing is None else chain.written([made.crossing]),
            root_hash=subject_hash(made.root.certificate), issuer_hash=subject_hash(made.issuing.certificate),
            key_id=seal.id, root_key=seal.seal(made.root.key, id_, "root key"),
            issuing_key=seal.seal(made.issuing.key, id_, "issuing key"),
            crl=make_crl(made.issuing, (), 1, now), crl_number=1, crl_until=now + CRL_LASTS, created_at=now,
            not_after=made.issuing.certificate.not_valid_after_utc,
        )  # fmt: skip

    async def publish(self, tenant_id: UUID, issuer_hash: str | None, now: datetime) -> int:
        """Writes anew the lists that end soon, and that of the authority named; how many. Raises AuthorityAway."""
        due = await self._database(tenant_id, lambda connection: rows.crls_due(connection, now + CRL_LASTS / 2, now))
        known = await self._database(tenant_id, rows.list_authorities)
        wanted = [row for row in known if row.id in due or row.issuer_hash == issuer_hash]
        for row in wanted:
            await self._publish(row, now)
        return len(wanted)

    async def _publish(self, row: AuthorityRow, now: datetime) -> None:
        revoked = await self._database(
            row.tenant_id, lambda connection: rows.revoked_by(connection, row.issuer_hash, now)
        )
        number = row.crl_number + 1
        try:
            der = await in_thread(self._crl, row, revoked, number, now)
        except (NotOurs, StoreError) as error:
            raise AuthorityAway(str(error)) from None
        until = now + CRL_LASTS
        await self._database(
            row.tenant_id, lambda connection: rows.put_crl(connection, row.id, der, number, until)
        )

    def _crl(self, row: AuthorityRow, revoked: list[RevokedRow], number: int, now: datetime) -> bytes:
        entries = [(int(each.serial, 16), each.revoked_at, _REASONS.get(each.reason or "")) for each in revoked]
        return make_crl(self._issuing(row), entries, number, now)
