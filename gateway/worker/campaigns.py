"""Firmware campaigns: one job for the campaign, one for each station that it has begun with.

Everything they know is in the database, so that a node that dies leaves nothing half-decided: a station that was asked
is never asked again for the same try (`asked` is kept before the request goes out).
"""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import attrs

from actors.firmware import ranks
from actors.firmware.campaign import End, Pause, Start, next_step, rules_of, verdict
from actors.firmware.objects import UPDATE
from actors.ports import StationConfig
from actors.station.face import CommandResult, NeutralCommand
from gateway.worker.answers import not_now, said
from gateway.worker.outcome import GONE, Again, Done, Failed, Handler, Handlers, Keep, Outcome, Tools
from protocol.events.types import CampaignChanged
from storage.jobs import Job, NewJob, enqueue
from storage.pool import Connection
from storage.web import campaigns as rows
from storage.web.campaigns import KIND, Campaign, Member, Move
from storage.web.objects import ObjectFilter, ObjectRow, list_objects
from storage.web.stations import read_stations
from web.commands.preparing import For, Prepared, prepared, unused
from web.problems import ApiProblem

STATION_KIND: Final = "campaign-station"
_BUSY: Final = timedelta(seconds=30)


# The campaign


async def _campaign(tools: Tools, job: Job, keep: Keep) -> Outcome:
    campaign_id = UUID(job.key or "")

    async def look(connection: Connection) -> Outcome:
        campaign = await rows.get_campaign(connection, campaign_id, lock=True)
        if campaign is None or campaign.status != "running":
            return Done({"status": campaign.status if campaign else "gone"})
        return await _step(tools, connection, job, campaign)

    outcome = await tools.database(job.tenant_id, look)
    if isinstance(outcome, Done):
        await _tell(tools, job, campaign_id)
    return outcome


async def _step(tools: Tools, connection: Connection, job: Job, campaign: Campaign) -> Outcome:
    now = tools.clock.now()
    step = next_step(rules_of(campaign.rules), await rows.campaign_counts(connection, campaign.id), now)
    if isinstance(step, End | Pause):
        status, reason = ("ended", None) if isinstance(step, End) else ("paused", step.reason)
        await rows.change_campaign(connection, attrs.evolve(campaign, status=status, reason=reason), now)
        return Done({"status": status, "reason": reason})
    look = _look(tools)
    if isinstance(step, Start):
        for station_id in await rows.next_members(connection, campaign.id, step.wave, step.count):
            await _begin(tools, connection, job, campaign, station_id, now)
        return Again(job.state, look)
    return Again(job.state, max(step.until - now, look) if step.until is not None else look)


def _look(tools: Tools) -> timedelta:
    """Between two looks at a campaign, or at a station under way."""
    return timedelta(seconds=tools.settings.campaign_look)


async def _begin(
    tools: Tools, connection: Connection, job: Job, campaign: Campaign, station_id: UUID, now: datetime
) -> None:
    await rows.move_member(connection, Move(campaign.id, station_id, "updating", None, 0, None, now))
    await enqueue(connection, NewJob(
        job.tenant_id, tools.new_id(), STATION_KIND, f"{campaign.id}/{station_id}", station_id,
        f"campaigns/{campaign.id}", now, now, {"campaign": str(campaign.id), "tries": 0},
        requested_by=campaign.requested_by, request_id=job.request_id,
    ))  # fmt: skip


async def _tell(tools: Tools, job: Job, campaign_id: UUID) -> None:
    """The event goes with one of its stations: the outbox is written station by station."""

    async def read(connection: Connection) -> tuple[Campaign, UUID] | None:
        campaign = await rows.get_campaign(connection, campaign_id)
        members = await rows.list_members(connection, 1, None, True, campaign_id, None, None)
        return None if campaign is None or not members else (campaign, members[0].station_id)

    found = await tools.database(job.tenant_id, read)
    if found is not None:
        campaign, station_id = found
        event = CampaignChanged(
            campaign_id=campaign_id, name=campaign.name, status=campaign.status, reason=campaign.reason
        )
        await tools.record(job.tenant_id, station_id, tools.event(event, job.request_id))


# One of its stations


@attrs.frozen
class _Case:
    """A station of a campaign as it stands."""

    campaign: Campaign
    member: Member
    version: str | None
    booted: datetime | None
    update: ObjectRow | None


async def _station(tools: Tools, job: Job, keep: Keep) -> Outcome:
    station = await tools.station(job)
    case = await tools.database(job.tenant_id, lambda connection: _case(connection, job))
    if case is None:
        return Done({"status": "gone"})
    if station is None:
        return await _end(tools, job, case, "failed", GONE)
    if job.state.get("asked") is not None:
        return await _watch(tools, job, case)
    if case.campaign.status != "running":  # it was told nothing: it may go back to where it was
        back = "cancelled" if case.campaign.status == "cancelled" else "pending"
        await _move(tools, job, case, back)
        return Done({"status": back})
    if case.version == case.campaign.version:
        return await _end(tools, job, case, "skipped", None)
    live = tools.stations.live(station.id)
    if live is None or not live.online:
        await _move(tools, job, case, "waiting")
        return Again(job.state, waits_for="online")
    return await _ask(tools, job, keep, case, station)


async def _case(connection: Connection, job: Job) -> _Case | None:
    campaign_id, station_id = UUID(job.state["campaign"]), job.station_id
    assert station_id is not None  # jobs of this kind have one
    campaign = await rows.get_campaign(connection, campaign_id)
    member = await rows.get_member(connection, campaign_id, station_id)
    if campaign is None or member is None:
        return None
    boot: dict[str, Any] = next((row.boot or {} for row in await read_stations(connection, [station_id])), {})
    update = None
    if (address := job.state.get("address")) is not None:
        updates = await list_objects(
            connection, 20, None, oldest=False, wanted=ObjectFilter((UPDATE,), station_id, removed=True)
        )
        update = next((row for row in updates if row.data.get("address") == address), None)
    at = boot.get("at")
    return _Case(campaign, member, boot.get("firmware_version"), datetime.fromisoformat(at) if at else None, update)


async def _ask(tools: Tools, job: Job, keep: Keep, case: _Case, station: StationConfig) -> Outcome:
    now, tries = tools.clock.now(), job.state["tries"] + 1
    about = For(tools.web, tools.files, station, f"campaign:{case.campaign.id}", now)
    arguments = {"firmware": case.campaign.firmware_id, "signed": case.campaign.rules.get("signed", True)}
    try:
        made = await prepared("update-firmware", arguments, about)
    except ApiProblem as problem:
        return await _end(tools, job, case, "failed", problem.detail)
    state = {**job.state, "tries": tries, "asked": now.isoformat(), "address": str(made.address)}
    await keep(state)
    await _move(tools, job, case, "updating", attempts=tries)
    result = await tools.command(job, station, NeutralCommand("update-firmware", made.arguments))
    return await _answered(tools, job, case, result, state, made, about)


async def _answered(
    tools: Tools, job: Job, case: _Case, result: CommandResult, state: dict[str, Any], made: Prepared, about: For
) -> Outcome:
    tries: int = state["tries"]
    if result.id is None:
        await unused(made, about)
    later = not_now(job, result, job.state, pause=_BUSY)
    if later is not None:  # nothing was sent
        if later.waits_for is not None:
            await _move(tools, job, case, "waiting", error=later.error)
        return later
    if result.status == "station_silent" and result.id is not None:  # it may be on its way all the same
        return Again(state, _look(tools))
    if result.status == "answered":
        if result.outcome in (None, "accepted", "scheduled"):
            return Again(state, _look(tools))
        return await _again_or_failed(tools, job, case, said(result), tries)
    return await _again_or_failed(tools, job, case, f"the station could not be asked: {said(result)}", tries)


async def _watch(tools: Tools, job: Job, case: _Case) -> Outcome:
    now, asked = tools.clock.now(), datetime.fromisoformat(job.state["asked"])
    rules = rules_of(case.campaign.rules)
    status = None if case.update is None else case.update.status
    found = verdict(case.campaign.version, case.version, status, case.booted, asked)
    if found == "succeeded":
        return await _end(tools, job, case, "succeeded", None)
    if found is not None:
        # A station that tries again by itself says so soon: its next word counts more than ours.
        since = case.update.received_at if case.update is not None else asked
        if status in ranks.FAILURES and now - since < _look(tools):
            return Again(job.state, _look(tools))
        return await _again_or_failed(tools, job, case, found, job.state["tries"])
    if now - asked > rules.patience:
        why = f"nothing came of it within {rules.patience}; the last word was {status or 'none'}"
        return await _again_or_failed(tools, job, case, why, job.state["tries"])
    if status != case.member.stage or case.member.status != "updating":
        await _move(tools, job, case, "updating", stage=status, attempts=job.state["tries"])
    return Again(job.state, _look(tools))


async def _again_or_failed(tools: Tools, job: Job, case: _Case, why: str, tries: int) -> Outcome:
    if tries >= rules_of(case.campaign.rules).tries or case.campaign.status == "cancelled":
        return await _end(tools, job, case, "failed", why)
    await _move(tools, job, case, "updating", attempts=tries, error=why)
    return Again({"campaign": job.state["campaign"], "tries": tries}, _BUSY, error=why)


async def _end(tools: Tools, job: Job, case: _Case, status: str, why: str | None) -> Outcome:
    await _move(tools, job, case, status, attempts=job.state["tries"], error=why)
    await tools.database(job.tenant_id, lambda c: rows.wake_job(c, KIND, str(case.campaign.id), tools.clock.now()))
    return Failed(why or status) if status == "failed" else Done({"status": status})


async def _move(
    tools: Tools, job: Job, case: _Case, status: str, *, stage: str | None = None, attempts: int = 0,
    error: str | None = None,
) -> None:  # fmt: skip
    stage = stage or (case.update.status if case.update is not None else None)
    move = Move(
        case.campaign.id, case.member.station_id, status, stage, max(attempts, case.member.attempts), error,
        tools.clock.now(),
    )  # fmt: skip
    await tools.database(job.tenant_id, lambda connection: rows.move_member(connection, move))


HANDLERS: Handlers = {
    KIND: Handler(_campaign, deadline=60.0),
    STATION_KIND: Handler(_station, deadline=90.0),
}
