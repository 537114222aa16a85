"""/local-lists and /local-list-rules: which tokens lie on stations, and how far that is. OCPP 2.0.1 Part 2, D."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import uuid_utils.compat as uuids
from msgspec import UNSET, Meta, Struct, UnsetType

from actors.authorization.stale import JOB
from storage.jobs import NewJob, enqueue
from storage.keys import uid_key
from storage.pool import Connection
from storage.web import local_lists as rows
from storage.web.local_lists import ListRuleRow, LocalListRow, NewListRule
from web.api.call import Answer, Call
from web.api.fields import Label
from web.api.resource import Resource, given
from web.api.route import NoQuery, Route
from web.api.scopes import station_of
from web.api.stations import find_station, named_station
from web.api.views import ListOf
from web.instants import Instant, instant
from web.paging import Page, cut, decode_cursor
from web.problems import ApiProblem
from web.validation import NotValid

Rule = Literal["accepted", "all", "tokens", "groups", "empty"]
Names = Annotated[list[Label], Meta(max_length=50_000)]  # what a body may hold; a rule, MOST_NAMES
MOST_NAMES = 5_000


class LocalListsQuery(Page, kw_only=True, frozen=True):
    """`status`: waiting, syncing, synced, failed or unsupported."""

    station: Label | None = None
    status: Label | None = None


class ListRulesQuery(Page, kw_only=True, frozen=True):
    """Only those of one station."""

    station: Label | None = None


class ListRuleCreate(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """`accepted`: every token that may charge there; `all`: blocked ones too, with their status; `tokens`: those named;
    `groups`: those of the groups named; `empty`: none."""

    station: Label | None = None
    site: Label | None = None
    rule: Rule
    tokens: Names = []
    groups: Names = []


class ListRulePatch(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What may change."""

    rule: Rule | UnsetType = UNSET
    tokens: Names | UnsetType = UNSET
    groups: Names | UnsetType = UNSET


class SyncBody(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """`full`: all of it, whatever lies there; `customers`: also tokens whose customer's data was cleared there."""

    full: bool = False
    customers: bool = False


class ListRuleView(Struct, frozen=True, kw_only=True):
    """A rule; of the tenant when it names neither station nor site. In a list `tokens` and `groups` are the first
    hundred of each; `token_count` and `group_count` say how many there are."""

    id: str
    station: str | None
    station_id: str | None
    site: str | None
    rule: str
    tokens: list[str]
    groups: list[str]
    token_count: int
    group_count: int
    created_at: Instant
    updated_at: Instant
    revision: int


class LocalListView(Struct, frozen=True, kw_only=True):
    """`version`: what the station accepted from us, `station_version`: what it last said; `entries`: what it has
    confirmed; `sent` of `total` changes of the present round; `skipped`: tokens this station cannot hold."""

    station: str
    station_id: str
    rule: str | None
    source: str | None
    status: str
    version: int | None
    station_version: int | None
    entries: int
    sent: int
    total: int
    skipped: int
    error: str | None
    started_at: Instant | None
    synced_at: Instant | None
    updated_at: Instant | None


async def list_local_lists(call: Call[LocalListsQuery, None]) -> Answer:
    query = call.query
    after = decode_cursor("local-lists", query, UUID)
    station_id = None if query.station is None else await named_station(call, query.station)
    found = await call.database(
        lambda connection: rows.list_lists(
            connection, query.limit + 1, after, query.order == "oldest", station_id, query.status
        )
    )
    shown, more = cut("local-lists", query, found, lambda row: row.station_id)
    return Answer(ListOf([local_list_view(row) for row in shown], more))


async def get_local_list(call: Call[NoQuery, None]) -> Answer:
    station_id = (await find_station(call)).config.id
    return Answer(local_list_view(await call.database(lambda connection: _list(connection, station_id))))


async def sync_local_list(call: Call[NoQuery, SyncBody | None]) -> Answer:
    """The station is asked what it has, and given what it lacks; one that is under way goes on."""
    station_id, now = (await find_station(call)).config.id, call.now
    full = call.body is not None and call.body.full
    customers = call.body is not None and call.body.customers

    async def begin(connection: Connection) -> LocalListRow:
        state = {"check": True} | ({"full": True} if full else {}) | ({"customers": True} if customers else {})
        job = NewJob(
            call.tenant.id, uuids.uuid7(), "sync-local-list", str(station_id), station_id,
            f"local-lists/{station_id}", now, now, state, requested_by=call.principal.name,
            request_id=call.request_id,
        )  # fmt: skip
        await enqueue(connection, job)
        return await _list(connection, station_id)

    return Answer(local_list_view(await call.database(begin)), 202)


async def _list(connection: Connection, station_id: UUID) -> LocalListRow:
    row = await rows.get_list(connection, station_id)
    if row is None:
        raise ApiProblem("unknown_station", "this station was deleted")
    return row


async def list_rules(call: Call[ListRulesQuery, None]) -> Answer:
    name = call.query.station
    station_id = None if name is None else await named_station(call, name)
    return await RULES.listed(call, lambda connection, span: rows.list_rules(connection, *span, station_id))


async def create_rule(call: Call[NoQuery, ListRuleCreate]) -> Answer:
    body = call.body
    station_id = await station_of(call, body)
    _check(body.rule, body.tokens, body.groups)
    rule = NewListRule(
        call.tenant.id, uuids.uuid7(), station_id, body.site, body.rule, [uid_key(uid) for uid in body.tokens],
        body.groups, call.now,
    )  # fmt: skip

    async def insert(connection: Connection) -> bool:
        await _refresh(connection, call)
        return await rows.insert_rule(connection, rule)

    return await RULES.created(call, rule.id, insert, "there is a rule for this scope; change it with PATCH")


async def get_rule(call: Call[NoQuery, None]) -> Answer:
    return await RULES.read(call)


async def patch_rule(call: Call[NoQuery, ListRulePatch]) -> Answer:
    patch = call.body

    async def change(connection: Connection, there: ListRuleRow) -> None:
        rule = given(patch.rule, there.rule)
        tokens = there.tokens if patch.tokens is UNSET else [uid_key(uid) for uid in patch.tokens]
        groups = given(patch.groups, there.groups)
        _check(rule, tokens, groups)
        await rows.update_rule(connection, there.id, rule, tokens, groups, call.now)
        await _refresh(connection, call)

    return RULES.shown(await RULES.changed(call, change))


async def delete_rule(call: Call[NoQuery, None]) -> Answer:
    """What lay on stations by this rule alone is taken off them."""

    async def delete(connection: Connection, there: ListRuleRow) -> None:
        await _refresh(connection, call)
        await rows.delete_rule(connection, there.id)

    await RULES.deleted(call, delete)
    return Answer(status=204)


async def _refresh(connection: Connection, call: Call[Any, Any]) -> None:
    now: datetime = call.now
    job = NewJob(
        call.tenant.id, uuids.uuid7(), JOB, None, None, None, now, now, requested_by=call.principal.name,
        request_id=call.request_id,
    )  # fmt: skip
    await enqueue(connection, job)


def _check(rule: str, tokens: list[str], groups: list[str]) -> None:
    wrong = []
    if rule == "tokens" and not tokens:
        wrong.append(("/tokens", "name the tokens; for none at all the rule is `empty`"))
    if rule == "groups" and not groups:
        wrong.append(("/groups", "name the groups; for none at all the rule is `empty`"))
    if rule != "tokens" and tokens:
        wrong.append(("/tokens", "only go with the rule `tokens`"))
    if rule != "groups" and groups:
        wrong.append(("/groups", "only go with the rule `groups`"))
    for name, given_names in (("tokens", tokens), ("groups", groups)):
        if len(given_names) > MOST_NAMES:
            told = f"{len(given_names)} names, a rule holds {MOST_NAMES}: give those tokens a group, and name that"
            wrong.append((f"/{name}", told))
    if wrong:
        raise NotValid(wrong)


def list_rule_view(row: ListRuleRow) -> ListRuleView:
    return ListRuleView(
        id=str(row.id), station=row.station, station_id=str(row.station_id) if row.station_id else None, site=row.site,
        rule=row.rule, tokens=row.tokens, groups=row.groups, token_count=row.token_count, group_count=row.group_count,
        created_at=instant(row.created_at), updated_at=instant(row.updated_at), revision=row.revision,
    )  # fmt: skip


RULES: Resource[ListRuleRow] = Resource(
    "local-list-rules", "unknown_rule", "rule for local lists", rows.get_rule, list_rule_view
)


def local_list_view(row: LocalListRow) -> LocalListView:
    return LocalListView(
        station=row.station, station_id=str(row.station_id), rule=row.rule, source=row.source, status=row.status,
        version=row.version, station_version=row.station_version, entries=row.entries, sent=row.sent, total=row.total,
        skipped=row.skipped, error=row.error, started_at=instant(row.started_at), synced_at=instant(row.synced_at),
        updated_at=instant(row.updated_at),
    )  # fmt: skip


ROUTES = [
    Route("GET", "/local-lists", list_local_lists, "List the local lists of stations and how far they are",
          {200: ListOf[LocalListView]}, query=LocalListsQuery, problems=("unknown_station",)),
    Route("GET", "/local-lists/{station}", get_local_list, "Read how far a station's local list is",
          {200: LocalListView}, problems=("unknown_station",)),
    Route("POST", "/local-lists/{station}/sync", sync_local_list, "Bring a station's local list up to date now",
          {202: LocalListView}, body=SyncBody, body_optional=True, example={"full": True},
          problems=("unknown_station",)),
    Route("GET", "/local-list-rules", list_rules, "List which tokens shall lie on stations",
          {200: ListOf[ListRuleView]}, query=ListRulesQuery, problems=("unknown_station",)),
    Route("POST", "/local-list-rules", create_rule, "Say which tokens shall lie on a station, those of a site, or all",
          {201: ListRuleView}, body=ListRuleCreate, creates=True, example={"rule": "accepted"},
          problems=("unknown_station", "already_exists")),
    Route("GET", "/local-list-rules/{id}", get_rule, "Read a rule for local lists", {200: ListRuleView},
          problems=("unknown_rule",)),
    Route("PATCH", "/local-list-rules/{id}", patch_rule, "Change which tokens shall lie on stations",
          {200: ListRuleView}, body=ListRulePatch, example={"rule": "all"}, conditional=True, merge_patch=True,
          problems=("unknown_rule", "precondition_failed")),
    Route("DELETE", "/local-list-rules/{id}", delete_rule, "Delete a rule for local lists", {204: None},
          conditional=True, problems=("unknown_rule", "precondition_failed")),
]
