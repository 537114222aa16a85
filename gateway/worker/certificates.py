"""Certificates for stations: judged, signed by an authority, given to the station, and what it said to that.

OCPP 2.0.1 and 2.1 Part 2, A02 and A03; OCPP 1.6 security whitepaper, A02 and A03. One request of a station is worked on
at a time; a newer one for the same use takes the place of an older one (A02.FR.17).
"""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import attrs
from cryptography import x509

from actors.certificates import chain
from actors.certificates.csr import Asked, RequestRefused, judge
from actors.certificates.incoming import SIGN
from actors.certificates.policy import MOST_A_DAY, MOST_REFUSED, Holder, named, renewal, wanted
from actors.certificates.uses import STATION
from actors.ports import StationConfig
from gateway.services.ca import AuthorityAway, AuthorityRefused, Signed, SigningOrder
from gateway.services.ca_own import in_thread
from gateway.worker.certificate_delivery import deliver
from gateway.worker.certificate_tools import authority
from gateway.worker.certificate_upkeep import UPKEEP
from gateway.worker.outcome import Again, Done, Failed, Handler, Handlers, Keep, Outcome, Tools
from protocol.events.certificates import CertificateIssued, CertificateRefused
from protocol.ocpp.client_certificate import fingerprint, issuer_hash, serial_text
from storage.jobs import Job
from storage.pool import Connection
from storage.web import certificates as rows
from storage.web.authorities import OperatorNames, operator_names
from storage.web.certificates import CertificateFacts, CertificateRow, NewCertificate

_DAY: Final = timedelta(days=1)
_MOST_TRIES: Final = 20  # at an authority that is away: about a day and a half
_FIRST_WAIT: Final = timedelta(seconds=10)
_LONGEST_WAIT: Final = timedelta(hours=2)


@attrs.frozen
class _Request:
    """A request under judgement, with all that is known about who asks."""

    station: StationConfig
    job: Job
    facts: CertificateFacts
    names: OperatorNames

    @property
    def use(self) -> str:
        return str(self.job.state["use"])


async def _run(tools: Tools, job: Job, keep: Keep) -> Outcome:
    station = await tools.station(job)
    if station is None:
        return Failed("the station was deleted")
    state = job.state
    if await tools.database(
        job.tenant_id,
        lambda connection: rows.newer_request(connection, station.id, state["use"], job.id, job.created_at),
    ):
        return Done({"status": "superseded", "by": "a newer request of the station"})
    if state.get("certificate") is None:
        found = await _signed(tools, job, station)
        if not isinstance(found, UUID):
            return found
        state = {**state, "certificate": str(found)}
        await keep(state)
    return await deliver(tools, job, station, state, keep)


async def _signed(tools: Tools, job: Job, station: StationConfig) -> UUID | Outcome:
    """The certificate's id, or how the job ends without one."""

    async def look(connection: Connection) -> tuple[CertificateFacts | None, OperatorNames]:
        return await rows.certificate_facts(connection, station.id), await operator_names(connection)

    facts, names = await tools.database(job.tenant_id, look)
    if facts is None:
        return Failed("the station was deleted")
    request = _Request(station, job, facts, names)
    asked: Asked | None = None
    try:
        asked = await in_thread(judge, job.state["csr"], _wanted(request))
        earlier = await _allowed(tools, request, asked)
        if earlier is not None:
            return earlier.id
        signed = await authority(tools, request.use).sign(_order(tools, request, asked))
        return await _keep_signed(tools, request, asked, signed)
    except (RequestRefused, AuthorityRefused) as error:
        return await _refuse(tools, request, asked, error.code, str(error))
    except AuthorityAway as error:
        return await _later(tools, request, asked, str(error))


def _wanted(request: _Request) -> Any:
    facts, names = request.facts, request.names
    holder = Holder(
        request.station.identity, facts.serial_number, facts.strict, named(facts.settings), tuple(facts.secc_ids or ())
    )
    own = () if names.authority is None else (names.authority,)
    return wanted(holder, request.use, dict.fromkeys((*names.organizations, *own)))


async def _allowed(tools: Tools, request: _Request, asked: Asked) -> CertificateRow | None:
    """What was signed for this very request before, or None for leave to sign. Raises RequestRefused."""
    now, station_id = tools.clock.now(), request.station.id

    async def look(connection: Connection) -> tuple[CertificateRow | None, int, bool]:
        return (
            await rows.certificate_of_request(connection, station_id, request.use, asked.csr_hash, now),
            await rows.count_recent(connection, station_id, request.use, now - _DAY),
            await rows.key_elsewhere(connection, station_id, asked.key_hash),
        )

    earlier, recent, elsewhere = await tools.database(request.job.tenant_id, look)
    if elsewhere:
        raise RequestRefused("key_of_another", "its key is one that another station has a certificate for")
    if earlier is None and recent >= MOST_A_DAY:
        raise RequestRefused("too_many", f"{recent} certificates were signed for it within a day; look at the station")
    return earlier


def _order(tools: Tools, request: _Request, asked: Asked) -> SigningOrder:
    settings = tools.settings
    seconds = settings.certificate_lifetime if request.use == STATION else settings.certificate_lifetime_v2g
    return SigningOrder(
        tenant_id=request.job.tenant_id, station=request.station.identity, csr=request.job.state["csr"],
        key_hash=asked.key_hash, use=request.use, lasts=timedelta(seconds=seconds), now=tools.clock.now(),
        root=request.job.state.get("root"),
    )  # fmt: skip


async def _keep_signed(tools: Tools, request: _Request, asked: Asked, signed: Signed) -> UUID:
    job, now = request.job, tools.clock.now()
    leaf = (await in_thread(chain.read, signed.chain))[0]
    row = _new(request, tools.new_id(), "issued", asked, now, signed, leaf, tools.settings.certificate_renewal)
    await tools.database(job.tenant_id, lambda connection: rows.insert_certificate(connection, row))
    issued = CertificateIssued(
        certificate_id=row.id, station_id=request.station.id, station=request.station.identity, use=row.use,
        serial=row.serial or "", issuer_hash=row.issuer_hash or "", subject_name=row.subject or "",
        not_before=leaf.not_valid_before_utc, not_after=leaf.not_valid_after_utc,
    )  # fmt: skip
    await tools.record(job.tenant_id, request.station.id, tools.event(issued))
    return row.id


def _new(
    request: _Request, id_: UUID, status: str, asked: Asked | None, now: Any, signed: Signed | None = None,
    leaf: x509.Certificate | None = None, percent: int = 100, code: str | None = None, reason: str | None = None,
) -> NewCertificate:  # fmt: skip
    ends = None if leaf is None else leaf.not_valid_after_utc
    return NewCertificate(
        tenant_id=request.job.tenant_id, id=id_, station_id=request.station.id, use=request.use, status=status,
        code=code, reason=reason, authority_id=None if signed is None else signed.authority_id,
        csr_hash=None if asked is None else asked.csr_hash, key_hash=None if asked is None else asked.key_hash,
        request_id=request.job.state.get("request_id"), subject=None if asked is None else asked.subject,
        issuer=None if leaf is None else leaf.issuer.rfc4514_string(),
        issuer_hash=None if leaf is None else issuer_hash(leaf),
        serial=None if leaf is None else serial_text(leaf.serial_number),
        fingerprint=None if leaf is None else fingerprint(leaf),
        not_before=None if leaf is None else leaf.not_valid_before_utc, not_after=ends,
        renew_at=None if ends is None else renewal(now, ends, percent),
        chain=None if signed is None else signed.chain, created_at=now,
    )  # fmt: skip


async def _refuse(tools: Tools, request: _Request, asked: Asked | None, code: str, reason: str) -> Outcome:
    """Kept and told, so that an operator can look into it (A02, error handling); the station hears nothing more.

    Of a station that asks again and again only the first ones of a day; the job says why all the same.
    """
    now = tools.clock.now()
    row = _new(request, request.job.id, "refused", asked, now, code=code, reason=reason)

    async def keep(connection: Connection) -> bool:
        if await rows.count_refused(connection, request.station.id, now - _DAY) >= MOST_REFUSED:
            return False
        await rows.insert_certificate(connection, row)
        return True

    if not await tools.database(request.job.tenant_id, keep):
        return Failed(f"refused ({code}): {reason}", {"code": code})
    refused = CertificateRefused(
        certificate_id=row.id, station_id=request.station.id, station=request.station.identity, use=row.use,
        code=code, reason=reason,
    )  # fmt: skip
    await tools.record(request.job.tenant_id, request.station.id, tools.event(refused))
    return Failed(f"refused ({code}): {reason}", {"code": code, "certificate": str(row.id)})


async def _later(tools: Tools, request: _Request, asked: Asked | None, reason: str) -> Outcome:
    tries = request.job.state.get("tries", 0) + 1
    if tries >= _MOST_TRIES:
        return await _refuse(tools, request, asked, "authority_away", f"after {tries} tries: {reason}")
    wait = min(_FIRST_WAIT * 2 ** min(tries - 1, 20), _LONGEST_WAIT)
    return Again({**request.job.state, "tries": tries}, wait, error=reason)


# A handler's own failures are tried again by the runner; waiting for a station or an authority is no failure.
HANDLERS: Handlers = {SIGN: Handler(_run, deadline=180.0), **UPKEEP}
