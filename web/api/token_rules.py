"""/token-rules: what holds for tokens where nothing is said of a single one."""

from typing import Literal

import uuid_utils.compat as uuids
from msgspec import UNSET, Struct, UnsetType

from storage.pool import Connection
from storage.web import token_rules as rows
from storage.web.token_rules import NewTokenRule, TokenRuleRow
from web.api.call import Answer, Call
from web.api.fields import Label
from web.api.resource import Resource, given
from web.api.route import NoQuery, Route
from web.api.scopes import Scope, station_of
from web.api.stations import named_station
from web.api.token_fields import Seconds, Sessions
from web.api.views import ListOf
from web.instants import Instant, instant
from web.paging import Page

Unknown = Literal["reject", "accept", "create"]


class TokenRulesQuery(Page, kw_only=True, frozen=True):
    """Only those of one station."""

    station: Label | None = None


class TokenRuleCreate(Scope, frozen=True, kw_only=True):
    """A rule. `unknown`: refuse who is not known, let in, or let in and keep as a token; the narrowest rule counts."""

    unknown: Unknown | None = None
    concurrent: Sessions | None = None
    cache_seconds: Seconds | None = None


class TokenRulePatch(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """null leaves it to the wider rule."""

    unknown: Unknown | UnsetType | None = UNSET
    concurrent: Sessions | UnsetType | None = UNSET
    cache_seconds: Seconds | UnsetType | None = UNSET


class TokenRuleView(Struct, frozen=True, kw_only=True):
    """A rule; of the tenant when it names neither station nor site."""

    id: str
    station: str | None
    station_id: str | None
    site: str | None
    unknown: str | None
    concurrent: int | None
    cache_seconds: int | None
    created_at: Instant
    updated_at: Instant
    revision: int


async def list_token_rules(call: Call[TokenRulesQuery, None]) -> Answer:
    name = call.query.station
    station_id = None if name is None else await named_station(call, name)
    return await RULES.listed(call, lambda connection, span: rows.list_rules(connection, *span, station_id))


async def create_token_rule(call: Call[NoQuery, TokenRuleCreate]) -> Answer:
    body = call.body
    station_id = await station_of(call, body)
    rule = NewTokenRule(
        call.tenant.id, uuids.uuid7(), station_id, body.site, body.unknown, body.concurrent, body.cache_seconds,
        call.now,
    )
    taken = "there is a rule for this scope; change it with PATCH"
    return await RULES.created(call, rule.id, lambda connection: rows.insert_rule(connection, rule), taken)


async def get_token_rule(call: Call[NoQuery, None]) -> Answer:
    return await RULES.read(call)


async def patch_token_rule(call: Call[NoQuery, TokenRulePatch]) -> Answer:
    patch = call.body

    async def change(connection: Connection, there: TokenRuleRow) -> None:
        await rows.update_rule(
            connection, there.id, given(patch.unknown, there.unknown), given(patch.concurrent, there.concurrent),
            given(patch.cache_seconds, there.cache_seconds), call.now,
        )  # fmt: skip

    return RULES.shown(await RULES.changed(call, change))


async def delete_token_rule(call: Call[NoQuery, None]) -> Answer:
    await RULES.deleted(call, lambda connection, there: rows.delete_rule(connection, there.id))
    return Answer(status=204)


def token_rule_view(row: TokenRuleRow) -> TokenRuleView:
    return TokenRuleView(
        id=str(row.id), station=row.station, station_id=str(row.station_id) if row.station_id else None, site=row.site,
        unknown=row.unknown, concurrent=row.concurrent, cache_seconds=row.cache_seconds,
        created_at=instant(row.created_at), updated_at=instant(row.updated_at), revision=row.revision,
    )  # fmt: skip


RULES: Resource[TokenRuleRow] = Resource(
    "token-rules", "unknown_rule", "rule for tokens", rows.get_rule, token_rule_view
)


ROUTES = [
    Route("GET", "/token-rules", list_token_rules, "List what holds for tokens", {200: ListOf[TokenRuleView]},
          query=TokenRulesQuery, problems=("unknown_station",)),
    Route("POST", "/token-rules", create_token_rule, "Say what holds for the tokens of a station, a site or all",
          {201: TokenRuleView}, body=TokenRuleCreate, creates=True, example={"site": "Depot 3", "unknown": "create"},
          problems=("unknown_station", "already_exists")),
    Route("GET", "/token-rules/{id}", get_token_rule, "Read a rule for tokens", {200: TokenRuleView},
          problems=("unknown_rule",)),
    Route("PATCH", "/token-rules/{id}", patch_token_rule, "Change a rule for tokens", {200: TokenRuleView},
          body=TokenRulePatch, example={"concurrent": 1}, conditional=True, merge_patch=True,
          problems=("unknown_rule", "precondition_failed")),
    Route("DELETE", "/token-rules/{id}", delete_token_rule, "Delete a rule for tokens", {204: None},
          conditional=True, problems=("unknown_rule", "precondition_failed")),
]
