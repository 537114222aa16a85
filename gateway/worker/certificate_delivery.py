"""CertificateSigned: a signed certificate on its way to its station, and what the station says to it."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import attrs

from actors.certificates import chain
from actors.certificates.learned import LIST
from actors.certificates.policy import chain_limit
from actors.certificates.uses import STATION
from actors.contract.pnc16_requests import inside, spoken
from actors.ports import StationConfig
from actors.station.face import CommandResult, RawCommand
from gateway.worker.answers import not_now, said, status_of
from gateway.worker.certificate_tools import about, watch
from gateway.worker.outcome import Again, Done, Failed, Keep, Outcome, Tools
from protocol.events.certificates import CertificateAccepted, CertificateRejected
from storage.jobs import Job, NewJob
from storage.pool import Connection
from storage.web import certificates as rows
from storage.web.certificates import CertificateFacts, CertificateRow

_MOST_SENDINGS: Final = 3
_AFTER_SILENCE: Final = timedelta(seconds=60)
_MOST_WAITS: Final = 2880  # a day of being busy: the certificate lies ready


async def deliver(tools: Tools, job: Job, station: StationConfig, state: dict[str, Any], keep: Keep) -> Outcome:
    """Gives the station its certificate, once; again only when no answer came."""

    async def look(connection: Connection) -> tuple[CertificateRow | None, CertificateFacts | None]:
        row = await rows.get_certificate(connection, UUID(state["certificate"]))
        return row, await rows.certificate_facts(connection, station.id)

    row, facts = await tools.database(job.tenant_id, look)
    if row is None or facts is None or row.chain is None:
        return Failed("the certificate or its station is not there any more")
    if row.status not in ("issued", "sent", "accepted"):
        return Done({"status": row.status, "certificate": str(row.id)})
    text = chain.fitting(row.chain, chain_limit(facts.chain_size))
    if text is None:
        return await _rejected(tools, job, row, f"it does not fit into the {facts.chain_size} characters it takes")
    live = tools.stations.live(station.id)
    if live is None or not live.online:
        return Again(state, waits_for="online")
    state = {**state, "sendings": state.get("sendings", 0) + 1}
    await keep(state)
    action, payload = spoken(live.version, "CertificateSigned", _payload(text, state))
    result = await tools.command(job, station, RawCommand(action, payload))
    if action == "DataTransfer":
        result = attrs.evolve(result, payload=inside(result.payload))
    return await _after(tools, job, row, result, state)


def _payload(text: str, state: dict[str, Any]) -> dict[str, Any]:
    """A02.FR.14: the type, when the station named one. A02.FR.25 (A03.FR.21): its request id, when it gave one."""
    payload: dict[str, Any] = {"certificateChain": text}
    if state.get("type") is not None:
        payload["certificateType"] = state["type"]
    if state.get("request_id") is not None:
        payload["requestId"] = state["request_id"]
    return payload


async def _after(tools: Tools, job: Job, row: CertificateRow, result: CommandResult, state: dict[str, Any]) -> Outcome:
    later = not_now(job, result, {**state, "sendings": state["sendings"] - 1}, most=_MOST_WAITS)
    if later is not None:  # nothing was sent
        return later
    now = tools.clock.now()
    await tools.database(job.tenant_id, lambda connection: rows.told_certificate(connection, row.id, "sent", None, now))
    if result.status == "station_silent" and state["sendings"] < _MOST_SENDINGS:
        return Again(state, _AFTER_SILENCE)
    if status_of(result) == "Accepted":
        return await _accepted(tools, job, row)
    return await _rejected(tools, job, row, _told(result))


async def _accepted(tools: Tools, job: Job, row: CertificateRow) -> Outcome:
    now = tools.clock.now()

    async def write(connection: Connection) -> bool:
        told = await rows.told_certificate(connection, row.id, "accepted", None, now)
        if told:
            await rows.supersede_certificates(connection, row, now)
        return told

    if not await tools.database(job.tenant_id, write):  # a second time, or revoked meanwhile
        return Done({"status": "accepted", "certificate": str(row.id)})
    accepted = CertificateAccepted(
        **about(row), serial=row.serial or "", issuer_hash=row.issuer_hash or "", not_after=row.not_after or now
    )
    await tools.record(job.tenant_id, row.station_id, tools.event(accepted))
    await watch(tools, job.tenant_id, now)
    if row.use != STATION:
        listing = NewJob(job.tenant_id, tools.new_id(), LIST, None, row.station_id, None, now, now)
        await tools.begin(listing)
    return Done({"status": "accepted", "certificate": str(row.id)})


async def _rejected(tools: Tools, job: Job, row: CertificateRow, reason: str) -> Outcome:
    now = tools.clock.now()
    if await tools.database(
        job.tenant_id, lambda connection: rows.told_certificate(connection, row.id, "rejected", reason, now)
    ):
        await tools.record(job.tenant_id, row.station_id, tools.event(CertificateRejected(**about(row), reason=reason)))
    return Failed(reason, {"status": "rejected", "certificate": str(row.id)})


def _told(result: CommandResult) -> str:
    """What the station said, in words."""
    if result.status == "station_silent":
        return f"the station gave no answer, {_MOST_SENDINGS} times"
    told = result.status in ("answered", "station_error", "invalid_answer")
    return said(result) if told else f"it could not be sent: {said(result)}"
