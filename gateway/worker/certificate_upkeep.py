"""What looks after certificates once they are out: renewal, expiry, revocation, trust stores, authorities."""

from datetime import timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from actors.certificates.learned import LIST
from actors.certificates.uses import listable
from actors.station.face import NeutralCommand
from gateway.services.ca import AuthorityAway
from gateway.worker.answers import not_now, said
from gateway.worker.certificate_tools import WATCH, about, own_authority, watch
from gateway.worker.outcome import Again, Connected, Done, Failed, Handler, Handlers, Keep, Outcome, Tools
from protocol.events.certificates import CertificateExpired, CertificateExpiring, CertificateRevoked, RenewalFailed
from protocol.ocpp.version import Version
from storage.jobs import Job, NewJob
from storage.web import certificates as rows
from storage.web.certificates import CertificateRow

RENEW: Final = "renew-certificate"
REVOKED: Final = "announce-revocation"
AUTHORITY: Final = "make-authority"
_EVERY: Final = timedelta(hours=1)
_AT_ONCE: Final = 200
_ASK_AGAIN: Final = timedelta(days=1)
_LATER: Final = timedelta(minutes=10)
_MOST_WAITS: Final = 10_000  # the certificate's own end comes first
_MOST_ASKINGS: Final = 60
_PATIENCE: Final = 3  # askings without a new certificate before an operator is told


async def _watch(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """Once an hour: what has ended, what ends soon, and lists of revoked certificates that end soon."""
    now, tenant = tools.clock.now(), job.tenant_id
    for row in await tools.database(tenant, lambda connection: rows.ended_certificates(connection, now, _AT_ONCE)):
        if row.status == "accepted":
            ended = CertificateExpired(**about(row), not_after=row.not_after or now)
            await tools.record(tenant, row.station_id, tools.event(ended))
        await tools.database(tenant, partial(rows.end_certificate, certificate_id=row.id, now=now))
    nearing = await tools.database(tenant, lambda connection: rows.nearing_certificates(connection, now, _AT_ONCE))
    for row in nearing:
        await _renew_soon(tools, row)
    try:
        await own_authority(tools).publish(tenant, None, now)
    except AuthorityAway as error:
        return Again({}, _EVERY, error=str(error))
    return Again({}, timedelta() if len(nearing) == _AT_ONCE else _EVERY)


async def _renew_soon(tools: Tools, row: CertificateRow) -> None:
    now = tools.clock.now()
    key = f"{row.station_id}/{row.use}"
    await tools.begin(
        NewJob(row.tenant_id, tools.new_id(), RENEW, key, row.station_id, f"certificates/{row.id}", now, now,
               {"certificate": str(row.id)})
    )  # fmt: skip
    expiring = CertificateExpiring(**about(row), not_after=row.not_after or now)
    await tools.record(row.tenant_id, row.station_id, tools.event(expiring))
    await tools.database(row.tenant_id, lambda connection: rows.warned_certificate(connection, row.id, now))


async def _renew(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """A02: the station is asked to make a new key, until it has a new certificate or the old one has ended."""
    now = tools.clock.now()
    certificate_id = UUID(job.state["certificate"])
    row = await tools.database(job.tenant_id, lambda connection: rows.get_certificate(connection, certificate_id))
    station = await tools.station(job)
    if row is None or station is None or row.status != "accepted":
        return Done({"status": "gone" if row is None or station is None else row.status})
    asked = job.state.get("asked", 0)
    if (row.not_after is not None and row.not_after <= now) or asked >= _MOST_ASKINGS:
        return Failed("the station did not renew its certificate in time")
    if asked >= _PATIENCE:
        await _tell_once(tools, job, row, "it agreed to renew, but has asked for no new certificate")
    state = {**job.state, "asked": asked + 1, "told": job.state.get("told", False) or asked >= _PATIENCE}
    await keep(state)
    result = await tools.command(job, station, NeutralCommand(RENEW, {"use": row.use}))
    if result.status == "station_silent" and result.id is not None:
        return Again(state, _LATER)
    if (later := not_now(job, result, job.state, pause=_LATER, most=_MOST_WAITS)) is not None:
        return later
    if result.outcome != "accepted":
        await _tell_once(tools, job, row, said(result))
        state["told"] = True
    left = (row.not_after or now) - now
    return Again(state, min(_ASK_AGAIN, left / 4))


async def _tell_once(tools: Tools, job: Job, row: CertificateRow, reason: str) -> None:
    if not job.state.get("told"):
        await tools.record(row.tenant_id, row.station_id, tools.event(RenewalFailed(**about(row), reason=reason)))


async def _revoked(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """Told to whoever holds connections, and written into the list that relying parties read."""
    certificate_id = UUID(job.state["certificate"])
    row = await tools.database(job.tenant_id, lambda connection: rows.get_certificate(connection, certificate_id))
    if row is None or row.serial is None or row.issuer_hash is None:
        return Failed("no such certificate")
    if not job.state.get("told"):
        revoked = CertificateRevoked(**about(row), serial=row.serial, issuer_hash=row.issuer_hash, reason=row.reason)
        await tools.record(job.tenant_id, row.station_id, tools.event(revoked, job.request_id))
        await keep({**job.state, "told": True})
    try:
        lists = await own_authority(tools).publish(job.tenant_id, row.issuer_hash, tools.clock.now())
    except AuthorityAway as error:
        return Again({**job.state, "told": True}, timedelta(minutes=10), error=str(error))
    return Done({"lists": lists})


async def _authority(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """A new authority of our own, which takes the place of the one before."""
    now = tools.clock.now()
    made = await own_authority(tools).make(job.tenant_id, job.state.get("organization"), now, id_=job.id)
    tools.trust_changed()  # stations come with its certificates within seconds
    await watch(tools, job.tenant_id, now)
    return Done({"authority": str(made)})


async def _list(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """M03: what the station holds now, by its own words; use by use where the version asks so."""
    there = await tools.connected(job)
    if not isinstance(there, Connected):
        return there
    left = list(job.state.get("left") or (listable(Version.V16) if there.live.version is Version.V16 else [""]))
    while left:
        arguments: dict[str, Any] = {"use": left[0]} if left[0] else {}
        result = await tools.command(job, there.station, NeutralCommand("installed-certificates", arguments))
        if result.status != "answered":
            later = not_now(job, result, {"left": left})
            return later or Failed(f"the station does not tell what it holds: {said(result)}")
        left.pop(0)
    return Done()


UPKEEP: Final[Handlers] = {
    WATCH: Handler(_watch, deadline=300.0, every=_EVERY),
    RENEW: Handler(_renew),
    REVOKED: Handler(_revoked),
    AUTHORITY: Handler(_authority),
    LIST: Handler(_list),
}
