"""/campaigns: one firmware for many stations, in waves."""

from typing import Annotated, Any, Literal
from uuid import UUID

import attrs
import msgspec
import uuid_utils.compat as uuids
from msgspec import UNSET, Meta, Struct, UnsetType

from actors.firmware.campaign import OPEN, waves
from storage.jobs import NewJob, enqueue
from storage.keys import identity_key
from storage.pool import Connection
from storage.web import campaigns as rows
from storage.web.campaigns import KIND, Campaign, Choice, Chosen, Counts, Member, NewCampaign
from storage.web.firmware import FirmwareRow, get_firmware
from web.api.call import Answer, Call
from web.api.conditions import check_match, etag
from web.api.fields import Label
from web.api.once import in_one_transaction
from web.api.route import NoQuery, Route
from web.api.stations import named_station
from web.api.views import ListOf
from web.api.windows import Hours
from web.instants import Instant, instant
from web.paging import Page, cut, decode_cursor
from web.problems import ApiProblem

_MOST = 100_000


class Wave(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True, omit_defaults=True):
    """How many stations: a number, or a percentage of all."""

    size: Annotated[int, Meta(ge=1)] | None = None
    percent: Annotated[float, Meta(gt=0, le=100)] | None = None


class Selection(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True, omit_defaults=True):
    """Whom it is for; all that is given must fit. What stations are, they said at their last boot."""

    stations: Annotated[list[Label], Meta(min_length=1, max_length=10_000)] | None = None
    vendor: Label | None = None
    model: Label | None = None
    versions: Annotated[list[Label], Meta(min_length=1, max_length=100)] | None = None
    site: Label | None = None


class RulesBody(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """How it goes. What is left after the waves is the last one. It pauses when more stations fail than may."""

    waves: Annotated[list[Wave], Meta(max_length=100)] = []
    parallel: Annotated[int, Meta(ge=1, le=1000)] = 10
    tries: Annotated[int, Meta(ge=1, le=10)] = 1
    most_failures: Annotated[int, Meta(ge=0)] | None = None
    most_failure_percent: Annotated[float, Meta(ge=0, le=100)] | None = None
    windows: Annotated[list[Hours], Meta(max_length=20)] = []
    patience_minutes: Annotated[int, Meta(ge=1, le=7 * 24 * 60)] = 240
    signed: bool = True


class CampaignCreate(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A new campaign; it begins at once, or `paused`."""

    name: Label
    firmware: UUID
    select: Selection
    rules: RulesBody = RulesBody()
    paused: bool = False


class CampaignPatch(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What may change. `status`: running resumes, paused and cancelled stop it. Waves stay as they are."""

    name: Label | UnsetType = UNSET
    status: Literal["running", "paused", "cancelled"] | UnsetType = UNSET
    parallel: Annotated[int, Meta(ge=1, le=1000)] | UnsetType = UNSET
    tries: Annotated[int, Meta(ge=1, le=10)] | UnsetType = UNSET
    most_failures: Annotated[int, Meta(ge=0)] | UnsetType | None = UNSET
    most_failure_percent: Annotated[float, Meta(ge=0, le=100)] | UnsetType | None = UNSET
    windows: Annotated[list[Hours], Meta(max_length=20)] | UnsetType = UNSET


class CampaignsQuery(Page, kw_only=True, frozen=True):
    """Filters."""

    status: Label | None = None
    firmware: UUID | None = None
    station: Label | None = None


class WaveView(Struct, frozen=True, kw_only=True):
    """How far a wave is: stations by status."""

    wave: int
    counts: dict[str, int]


class CampaignView(Struct, frozen=True, kw_only=True):
    """A campaign. `status`: running, paused (`reason` says why), cancelled or ended."""

    id: str
    name: str
    firmware: str
    version: str
    status: str
    reason: str | None
    counts: dict[str, int]
    waves: list[WaveView]
    rules: dict[str, Any]
    select: dict[str, Any]
    requested_by: str | None
    created_at: Instant
    updated_at: Instant
    ended_at: Instant | None
    revision: int


class MembersQuery(Page, kw_only=True, frozen=True):
    """Filters."""

    status: Label | None = None
    wave: Annotated[int, Meta(ge=1)] | None = None


class MemberView(Struct, frozen=True, kw_only=True):
    """Where one station stands. `stage`: its own last word; `error`: why it failed."""

    station: str
    station_id: str
    wave: int
    status: str
    stage: str | None
    attempts: int
    version_before: str | None
    error: str | None
    updated_at: Instant


async def create_campaign(call: Call[NoQuery, CampaignCreate]) -> Answer:
    body = call.body
    if any((wave.size is None) == (wave.percent is None) for wave in body.rules.waves):
        raise ApiProblem(
            "invalid_body", "a wave has a size or a percentage", errors=[("/rules/waves", "give `size` or `percent`")]
        )

    async def make(connection: Connection) -> Answer:
        image = await _image(connection, body.firmware)
        members = await _members(connection, body)
        new = NewCampaign(
            call.tenant.id, uuids.uuid7(), body.name, image.id, msgspec.to_builtins(body.rules),
            msgspec.to_builtins(body.select), call.principal.name, call.now,
        )  # fmt: skip
        await rows.insert_campaign(connection, new, members)
        campaign = await rows.get_campaign(connection, new.id)
        assert campaign is not None  # made just now, in this transaction
        if body.paused:
            campaign = attrs.evolve(campaign, status="paused", reason="not begun yet")
            await rows.change_campaign(connection, campaign, call.now)
        else:
            await _go(connection, call, campaign)
        counts = await rows.campaign_counts(connection, new.id)
        campaign = await rows.get_campaign(connection, new.id) or campaign  # with its revision
        place = {"Location": f"/api/v1/campaigns/{new.id}", "ETag": etag(campaign.revision)}
        return Answer(campaign_view(campaign, counts), 201, place)

    return await in_one_transaction(call, make)


async def _image(connection: Connection, firmware_id: UUID) -> FirmwareRow:
    image = await get_firmware(connection, firmware_id)
    if image is None:
        raise ApiProblem("unknown_firmware", f"no firmware image has the id {firmware_id}")
    if image.status != "ready":
        raise ApiProblem("firmware_awaited", f"the bytes of {image.name} have not been brought yet")
    return image


async def _members(connection: Connection, body: CampaignCreate) -> list[tuple[Chosen, int]]:
    """Each station with its wave, in the order of identities."""
    wanted = body.select
    named = None if wanted.stations is None else [identity_key(each) for each in wanted.stations]
    choice = Choice(named, wanted.vendor, wanted.model, wanted.versions, wanted.site)
    chosen = await rows.choose_stations(connection, choice, _MOST)
    if named is not None and not (wanted.vendor or wanted.model or wanted.versions or wanted.site):
        known = {identity_key(each.identity) for each in chosen} | {str(each.id) for each in chosen}
        unknown = [each for each in wanted.stations or () if identity_key(each) not in known]
        if unknown:
            raise ApiProblem("unknown_station", f"there is no station {unknown[0][:64]!r}, and none of it was begun")
    if not chosen:
        errors = [("/select", "fits no station")]
        raise ApiProblem("invalid_body", "no station fits; look at `boot` of GET /stations", errors=errors)
    sizes = waves(len(chosen), [(wave.size, wave.percent) for wave in body.rules.waves])
    numbers = [number for number, size in enumerate(sizes, 1) for _ in range(size)]
    return list(zip(chosen, numbers, strict=True))


async def _go(connection: Connection, call: Call[Any, Any], campaign: Campaign) -> None:
    await enqueue(connection, NewJob(
        call.tenant.id, uuids.uuid7(), KIND, str(campaign.id), None, f"campaigns/{campaign.id}", call.now, call.now,
        requested_by=call.principal.name, request_id=call.request_id,
    ))  # fmt: skip


async def list_campaigns(call: Call[CampaignsQuery, None]) -> Answer:
    query = call.query
    after = decode_cursor("campaigns", query, UUID)
    station = None if query.station is None else await named_station(call, query.station)

    async def read(connection: Connection) -> list[tuple[Campaign, Counts]]:
        found = await rows.list_campaigns(
            connection, query.limit + 1, after, query.order == "oldest", query.status, query.firmware, station
        )
        counts = await rows.counts_of(connection, [each.id for each in found])
        return [(each, counts[each.id]) for each in found]

    found = await call.database(read)
    shown, more = cut("campaigns", query, found, lambda row: row[0].id)
    return Answer(ListOf([campaign_view(*row) for row in shown], more))


async def get_campaign(call: Call[NoQuery, None]) -> Answer:
    return await call.database(lambda connection: _shown(connection, call))


async def _shown(connection: Connection, call: Call[Any, Any]) -> Answer:
    campaign = await _found(connection, call)
    counts = await rows.campaign_counts(connection, campaign.id)
    return Answer(campaign_view(campaign, counts), headers={"ETag": etag(campaign.revision)})


async def patch_campaign(call: Call[NoQuery, CampaignPatch]) -> Answer:
    async def change(connection: Connection) -> Answer:
        there = await _found(connection, call, lock=True)
        check_match(call.if_match, there.revision)
        if there.status in ("ended", "cancelled"):
            raise ApiProblem("campaign_over", f"the campaign is {there.status}; make a new one")
        changed = _changed(there, call.body)
        await rows.change_campaign(connection, changed, call.now)
        if changed.status == "cancelled":
            await rows.cancel_members(connection, there.id, call.now)
        if changed.status == "running":
            await _go(connection, call, changed)
        await rows.wake_job(connection, KIND, str(there.id), call.now)
        return await _shown(connection, call)

    return await call.database(change)


def _changed(there: Campaign, body: CampaignPatch) -> Campaign:
    given = {
        name: msgspec.to_builtins(value)
        for name in ("parallel", "tries", "most_failures", "most_failure_percent", "windows")
        if (value := getattr(body, name)) is not UNSET
    }
    status = there.status if body.status is UNSET else body.status
    reason = there.reason if body.status is UNSET else ("paused by hand" if status == "paused" else None)
    name = there.name if body.name is UNSET else body.name
    return attrs.evolve(there, name=name, status=status, reason=reason, rules=there.rules | given)


async def delete_campaign(call: Call[NoQuery, None]) -> Answer:
    """Cancels it; its history stays. One that has ended stays as it ended."""

    async def cancel(connection: Connection) -> None:
        there = await _found(connection, call, lock=True)
        check_match(call.if_match, there.revision)
        if there.status not in ("ended", "cancelled"):
            await rows.change_campaign(connection, attrs.evolve(there, status="cancelled", reason=None), call.now)
            await rows.cancel_members(connection, there.id, call.now)
            await rows.wake_job(connection, KIND, str(there.id), call.now)

    await call.database(cancel)
    return Answer(status=204)


async def list_campaign_stations(call: Call[MembersQuery, None]) -> Answer:
    query = call.query
    after = decode_cursor("campaign-stations", query, UUID)

    async def read(connection: Connection) -> list[Member]:
        campaign = await _found(connection, call)
        return await rows.list_members(
            connection, query.limit + 1, after, query.order == "oldest", campaign.id, query.status, query.wave
        )

    found = await call.database(read)
    shown, more = cut("campaign-stations", query, found, lambda row: row.station_id)
    return Answer(ListOf([_member_view(row) for row in shown], more))


async def _found(connection: Connection, call: Call[Any, Any], *, lock: bool = False) -> Campaign:
    missing = ApiProblem("unknown_campaign", f"no campaign has the id {call.path['id'][:64]!r}")
    campaign = await rows.get_campaign(connection, call.id_in_path("id", missing), lock=lock)
    if campaign is None:
        raise missing
    return campaign


def campaign_view(row: Campaign, counts: Counts) -> CampaignView:
    names = (*OPEN, "succeeded", "skipped", "failed", "cancelled")
    total = {name: sum(each.get(name, 0) for each in counts.values()) for name in names}
    return CampaignView(
        id=str(row.id), name=row.name, firmware=str(row.firmware_id), version=row.version, status=row.status,
        reason=row.reason, counts=total, waves=[WaveView(wave=n, counts=each) for n, each in sorted(counts.items())],
        rules=row.rules, select=row.chosen, requested_by=row.requested_by, created_at=instant(row.created_at),
        updated_at=instant(row.updated_at), ended_at=instant(row.ended_at), revision=row.revision,
    )


def _member_view(row: Member) -> MemberView:
    return MemberView(
        station=row.station, station_id=str(row.station_id), wave=row.wave, status=row.status, stage=row.stage,
        attempts=row.attempts, version_before=row.version_before, error=row.error, updated_at=instant(row.updated_at),
    )


_UNKNOWN = ("unknown_campaign",)
ROUTES = [
    Route("GET", "/campaigns", list_campaigns, "List firmware campaigns", {200: ListOf[CampaignView]},
          query=CampaignsQuery, problems=("unknown_station",)),
    Route("POST", "/campaigns", create_campaign, "Begin a firmware campaign", {201: CampaignView}, body=CampaignCreate,
          creates=True, problems=("unknown_firmware", "firmware_awaited", "unknown_station"),
          example={"name": "4.2 for all Twin 22", "firmware": "01930c1e-7d5a-7c3e-9a55-3f1f0b6c2d11",
                   "select": {"model": "Twin 22"},
                   "rules": {"waves": [{"size": 2}, {"percent": 20}], "most_failures": 1}}),
    Route("GET", "/campaigns/{id}", get_campaign, "Read how far a campaign is", {200: CampaignView}, problems=_UNKNOWN),
    Route("PATCH", "/campaigns/{id}", patch_campaign, "Pause, resume, cancel or change a campaign", {200: CampaignView},
          body=CampaignPatch, example={"status": "paused"}, conditional=True, merge_patch=True,
          problems=(*_UNKNOWN, "campaign_over", "precondition_failed")),
    Route("DELETE", "/campaigns/{id}", delete_campaign, "Cancel a campaign", {204: None}, conditional=True,
          problems=(*_UNKNOWN, "precondition_failed")),
    Route("GET", "/campaigns/{id}/stations", list_campaign_stations, "List a campaign's stations",
          {200: ListOf[MemberView]}, query=MembersQuery, problems=_UNKNOWN),
]
