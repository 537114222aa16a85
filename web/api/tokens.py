"""/tokens: RFID and other id tokens."""

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote

import uuid_utils.compat as uuids
from msgspec import UNSET, Meta, Struct, UnsetType

from storage.keys import uid_key
from storage.pool import Connection
from storage.web import tokens as rows
from storage.web.stale_lists import lists_stale
from storage.web.tokens import NewToken, TokenChange, TokenFilter, TokenRow
from web.api.call import Answer, Call
from web.api.conditions import check_match, etag
from web.api.fields import END, Label, Search
from web.api.listing import listed
from web.api.once import in_one_transaction
from web.api.route import NoQuery, Route
from web.api.token_fields import (
    Additionals,
    ConnectorTypes,
    Language,
    Message,
    Messages,
    Places,
    Priority,
    Seconds,
    Sessions,
    Status,
    Type,
    Windows,
    Zone,
    check,
    plain,
)
from web.api.views import ListOf
from web.instants import Instant, instant
from web.paging import Page
from web.problems import ApiProblem

Uid = Annotated[str, Meta(min_length=1, max_length=255, pattern=f"^[\\x21-\\x7e](?:[\\x20-\\x7e]*[\\x21-\\x7e])?{END}")]
Moment = Annotated[datetime, Meta(tz=True)]
_MORE = (
    "additional", "language1", "language2", "message", "more_messages", "priority", "places", "connector_types",
    "windows", "time_zone", "concurrent", "cache_seconds", "prepaid",
)  # fmt: skip


class TokensQuery(Page, kw_only=True, frozen=True):
    """`q`: part of uid or holder."""

    uid: Label | None = None
    status: Status | None = None
    type: Type | None = None
    group: Label | None = None
    holder: Label | None = None
    q: Search | None = None


class TokenCreate(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A new token."""

    uid: Uid
    type: Type = "ISO14443"
    status: Status = "accepted"
    holder: Label | None = None
    group: Label | None = None
    master: bool = False
    expires_at: Moment | None = None
    additional: Additionals = []
    language1: Language | None = None
    language2: Language | None = None
    message: Message | None = None
    more_messages: Messages = []
    priority: Priority | None = None
    places: Places = []
    connector_types: ConnectorTypes = []
    windows: Windows = []
    time_zone: Zone = "UTC"
    concurrent: Sessions | None = None
    cache_seconds: Seconds | None = None
    prepaid: bool = False


class TokenPatch(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What may change, as a JSON merge patch."""

    type: Type | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    holder: Label | UnsetType | None = UNSET
    group: Label | UnsetType | None = UNSET
    master: bool | UnsetType = UNSET
    expires_at: Moment | UnsetType | None = UNSET
    additional: Additionals | UnsetType = UNSET
    language1: Language | UnsetType | None = UNSET
    language2: Language | UnsetType | None = UNSET
    message: Message | UnsetType | None = UNSET
    more_messages: Messages | UnsetType = UNSET
    priority: Priority | UnsetType | None = UNSET
    places: Places | UnsetType = UNSET
    connector_types: ConnectorTypes | UnsetType = UNSET
    windows: Windows | UnsetType = UNSET
    time_zone: Zone | UnsetType = UNSET
    concurrent: Sessions | UnsetType | None = UNSET
    cache_seconds: Seconds | UnsetType | None = UNSET
    prepaid: bool | UnsetType = UNSET


class TokenView(Struct, frozen=True, kw_only=True):
    """A token. Without `places` it may charge everywhere, without `windows` always; `reason`: why it is there."""

    id: str
    uid: str
    type: str
    status: str
    holder: str | None
    group: str | None
    master: bool
    expires_at: Instant | None
    created_at: Instant
    updated_at: Instant
    revision: int
    additional: list[dict[str, Any]]
    language1: str | None
    language2: str | None
    message: dict[str, Any] | None
    more_messages: list[dict[str, Any]]
    priority: int | None
    places: list[dict[str, Any]]
    connector_types: list[str]
    windows: list[dict[str, Any]]
    time_zone: str
    concurrent: int | None
    cache_seconds: int | None
    prepaid: bool
    reason: str | None


async def list_tokens(call: Call[TokensQuery, None]) -> Answer:
    query = call.query
    wanted = TokenFilter(query.status, query.type, query.group, query.q, query.uid, query.holder)
    return await listed(
        call, "tokens", lambda connection, span: rows.list_tokens(connection, *span, wanted), token_view
    )


def token_view(row: TokenRow) -> TokenView:
    return TokenView(
        id=str(row.id), uid=row.uid, type=row.type, status=row.status, holder=row.holder, group=row.group_uid,
        master=row.master, expires_at=instant(row.expires_at), created_at=instant(row.created_at),
        updated_at=instant(row.updated_at), revision=row.revision, **{name: getattr(row, name) for name in _MORE},
        reason=row.reason,
    )


async def create_token(call: Call[NoQuery, TokenCreate]) -> Answer:
    wanted = call.body
    more = {name: plain(getattr(wanted, name)) for name in _MORE}
    check(more | {"type": wanted.type, "uid": wanted.uid})
    token = NewToken(
        call.tenant.id, uuids.uuid7(), wanted.uid, uid_key(wanted.uid), wanted.type, wanted.status, wanted.holder,
        wanted.group, wanted.master, wanted.expires_at, call.now, **more, reason=None,
    )

    async def insert(connection: Connection) -> Answer:
        if not await rows.insert_token(connection, token):
            raise ApiProblem("already_exists", f"a token with the uid {token.uid!r} is there")
        await lists_stale(connection, call.tenant.id, call.now)
        row = await _found(connection, token.uid)
        location = {"Location": f"/api/v1/tokens/{quote(row.uid, safe='')}", "ETag": etag(row.revision)}
        return Answer(token_view(row), 201, location)

    return await in_one_transaction(call, insert)


async def get_token(call: Call[NoQuery, None]) -> Answer:
    return _shown(await call.database(lambda connection: _found(connection, call.path["uid"])))


async def patch_token(call: Call[NoQuery, TokenPatch]) -> Answer:
    async def change(connection: Connection) -> TokenRow:
        there = await _found(connection, call.path["uid"], lock=True)
        check_match(call.if_match, there.revision)
        await rows.update_token(connection, _changed(there, call.body, call.now))
        await lists_stale(connection, call.tenant.id, call.now)
        return await _found(connection, there.uid)

    return _shown(await call.database(change))


async def delete_token(call: Call[NoQuery, None]) -> Answer:
    async def delete(connection: Connection) -> None:
        there = await _found(connection, call.path["uid"], lock=True)
        check_match(call.if_match, there.revision)
        await rows.delete_token(connection, there.id)
        await lists_stale(connection, call.tenant.id, call.now)

    await call.database(delete)
    return Answer(status=204)


async def _found(connection: Connection, uid: str, *, lock: bool = False) -> TokenRow:
    row = None if "\x00" in uid else await rows.get_token(connection, uid, lock=lock)
    if row is None:
        raise ApiProblem("unknown_token", f"no token has the uid {uid[:255]!r}")
    return row


def _shown(row: TokenRow) -> Answer:
    return Answer(token_view(row), headers={"ETag": etag(row.revision)})


def _changed(there: TokenRow, patch: TokenPatch, now: datetime) -> TokenChange:
    def given(value: Any, otherwise: Any) -> Any:
        return otherwise if value is UNSET else value

    more = {name: plain(given(getattr(patch, name), getattr(there, name))) for name in _MORE}
    check(more | {"type": given(patch.type, there.type), "uid": there.uid})
    return TokenChange(
        id=there.id, type=given(patch.type, there.type), status=given(patch.status, there.status),
        holder=given(patch.holder, there.holder), group_uid=given(patch.group, there.group_uid),
        master=given(patch.master, there.master), expires_at=given(patch.expires_at, there.expires_at), now=now,
        **more, reason=there.reason,
    )


ROUTES = [
    Route("GET", "/tokens", list_tokens, "List id tokens", {200: ListOf[TokenView]}, query=TokensQuery),
    Route("POST", "/tokens", create_token, "Create an id token", {201: TokenView}, body=TokenCreate, creates=True,
          example={"uid": "04A2B3C4", "holder": "Van 7", "group": "vans"}, problems=("already_exists",)),
    Route("GET", "/tokens/{uid}", get_token, "Read an id token", {200: TokenView}, problems=("unknown_token",)),
    Route("PATCH", "/tokens/{uid}", patch_token, "Change an id token", {200: TokenView}, body=TokenPatch,
          example={"status": "blocked"}, conditional=True, merge_patch=True,
          problems=("unknown_token", "precondition_failed")),
    Route("DELETE", "/tokens/{uid}", delete_token, "Delete an id token", {204: None}, conditional=True,
          problems=("unknown_token", "precondition_failed")),
]
