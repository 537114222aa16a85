"""/forwards: other backends that a station's messages are told to, and what their commands may do."""

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

import uuid_utils.compat as uuids
from msgspec import UNSET, Meta, Struct, UnsetType

from protocol.ocpp.directions import from_us
from protocol.ocpp.version import Version
from protocol.redact import redact_text
from storage.web import forwards as rows
from storage.web.forwards import ForwardChange, ForwardRow, NewForward
from web.api.call import Answer, Call
from web.api.fields import END, Label
from web.api.resource import Resource, given
from web.api.route import NoQuery, Route
from web.api.stations import named_station
from web.api.views import ListOf
from web.instants import Instant, instant
from web.paging import Page
from web.problems import ApiProblem

Url = Annotated[str, Meta(min_length=6, max_length=1000, pattern=f"^wss?://[^\\s@?#]+{END}")]
Name = Annotated[str, Meta(min_length=1, max_length=255, pattern=f"^[^:\\x00-\\x1f]+{END}")]
Secret = Annotated[str, Meta(min_length=1, max_length=255, pattern=f"^[^\\x00-\\x1f]+{END}")]
Mode = Literal["read_only", "commands"]
Actions = Annotated[list[Label], Meta(max_length=100)]
_KNOWN = frozenset().union(*(from_us(version) for version in Version))


class ForwardsQuery(Page, kw_only=True, frozen=True):
    """`station`: identity or id."""

    station: Label | None = None


class ForwardCreate(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """`identity`: what the station is called there, its own name unless given; it is added to `url`."""

    station: Label
    url: Url
    identity: Name | None = None
    username: Name | None = None
    password: Secret | None = None
    mode: Mode = "read_only"
    allowed: Actions = []
    enabled: bool = True


class ForwardPatch(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What may change. For another address make another one."""

    username: Name | UnsetType | None = UNSET
    password: Secret | UnsetType | None = UNSET
    mode: Mode | UnsetType = UNSET
    allowed: Actions | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET


class ForwardView(Struct, frozen=True, kw_only=True):
    """A forward. `waiting`: messages that side has not had yet; `skipped`: those it will not get, with `last_error`."""

    id: str
    station: str
    station_id: str
    url: str
    identity: str
    username: str | None
    has_password: bool
    mode: str
    allowed: list[str]
    enabled: bool
    connected: bool
    accepted_at: Instant | None
    waiting: int
    sent: int
    skipped: int
    commands: int
    refused_commands: int
    last_error: str | None
    created_at: Instant
    updated_at: Instant
    revision: int


async def list_forwards(call: Call[ForwardsQuery, None]) -> Answer:
    name = call.query.station
    station_id = None if name is None else await named_station(call, name)
    return await FORWARDS.listed(call, lambda connection, span: rows.list_forwards(connection, *span, station_id))


async def get_forward(call: Call[NoQuery, None]) -> Answer:
    return await FORWARDS.read(call)


async def create_forward(call: Call[NoQuery, ForwardCreate]) -> Answer:
    wanted, forward_id = call.body, uuids.uuid7()
    _check_url(wanted.url)
    _check_actions(wanted.mode, wanted.allowed)
    station_id = await named_station(call, wanted.station)
    forward = NewForward(
        call.tenant.id, forward_id, station_id, wanted.url.rstrip("/"), wanted.identity or wanted.station,
        wanted.username, _sealed(call, wanted.password, forward_id), wanted.mode, list(wanted.allowed), wanted.enabled,
        call.now,
    )  # fmt: skip

    taken = "this station is told there under this name already"
    answer = await FORWARDS.created(
        call, forward_id, lambda connection: rows.insert_forward(connection, forward), taken
    )
    await _changed(call, station_id)
    return answer


async def patch_forward(call: Call[NoQuery, ForwardPatch]) -> Answer:
    row = await FORWARDS.changed(
        call, lambda connection, there: rows.update_forward(connection, there.station_id, _change(call, there))
    )
    await _changed(call, row.station_id)
    return FORWARDS.shown(row)


async def delete_forward(call: Call[NoQuery, None]) -> Answer:
    row = await FORWARDS.deleted(
        call, lambda connection, there: rows.delete_forward(connection, there.station_id, there.id, call.now)
    )
    await _changed(call, row.station_id)
    return Answer(status=204)


async def _changed(call: Call[Any, Any], station_id: UUID) -> None:
    await call.context.stations.reconfigured(station_id)
    call.context.forwards_changed()


def _change(call: Call[NoQuery, ForwardPatch], there: ForwardRow) -> ForwardChange:
    patch = call.body
    mode, allowed = given(patch.mode, there.mode), given(patch.allowed, there.allowed)
    _check_actions(mode, allowed)
    password = None if patch.password is UNSET else patch.password
    return ForwardChange(
        id=there.id, username=given(patch.username, there.username),
        sets_password=patch.password is not UNSET, password_sealed=_sealed(call, password, there.id), mode=mode,
        allowed=list(allowed), enabled=given(patch.enabled, there.enabled), now=call.now,
    )  # fmt: skip


def _sealed(call: Call[Any, Any], password: str | None, forward_id: UUID) -> bytes | None:
    if password is None:
        return None
    if call.context.seal is None:
        raise ApiProblem("not_available", "this node keeps no secrets for other systems; leave `password` out")
    return call.context.seal(password, forward_id)


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise ApiProblem(
            "invalid_body", "`url` is no address", errors=[("/url", "write ws://HOST[:PORT]/PATH or wss://…")]
        )


def _check_actions(mode: str, allowed: list[str]) -> None:
    unknown = [name for name in allowed if name not in _KNOWN]
    if unknown:
        errors = [(f"/allowed/{allowed.index(name)}", "no action that a backend may send") for name in unknown]
        raise ApiProblem("invalid_body", f"OCPP has no {', '.join(unknown)[:200]} for backends", errors=errors)
    if mode == "read_only" and allowed:
        raise ApiProblem(
            "invalid_body", "one that only reads may send nothing",
            errors=[("/allowed", "leave it empty, or set `mode` to `commands`")],
        )  # fmt: skip


def forward_view(row: ForwardRow) -> ForwardView:
    state = row.state
    told = state.get("last_error")
    return ForwardView(
        id=str(row.id), station=row.station, station_id=str(row.station_id), url=row.url, identity=row.identity,
        username=row.username, has_password=row.has_password, mode=row.mode, allowed=row.allowed, enabled=row.enabled,
        connected=bool(state.get("connected")), accepted_at=instant(row.accepted_at), waiting=row.waiting,
        sent=state.get("sent", 0), skipped=state.get("skipped", 0), commands=state.get("commands", 0),
        refused_commands=state.get("refused_commands", 0), last_error=redact_text(told) if told else None,
        created_at=instant(row.created_at), updated_at=instant(row.updated_at), revision=row.revision,
    )  # fmt: skip


FORWARDS: Resource[ForwardRow] = Resource("forwards", "unknown_forward", "forward", rows.get_forward, forward_view)

ROUTES = [
    Route("GET", "/forwards", list_forwards, "List the other backends that stations are told to",
          {200: ListOf[ForwardView]}, query=ForwardsQuery, problems=("unknown_station",)),
    Route("POST", "/forwards", create_forward, "Tell a station's messages to another backend", {201: ForwardView},
          body=ForwardCreate, creates=True, problems=("unknown_station", "already_exists", "not_available"),
          example={"station": "CP001", "url": "wss://csms.example.com/ocpp", "identity": "EMPLOYER-17",
                   "password": "a-secret-of-theirs", "mode": "commands", "allowed": ["RemoteStopTransaction"]}),
    Route("GET", "/forwards/{id}", get_forward, "Read how a forward does", {200: ForwardView},
          problems=("unknown_forward",)),
    Route("PATCH", "/forwards/{id}", patch_forward, "Change a forward", {200: ForwardView}, body=ForwardPatch,
          example={"enabled": False}, conditional=True, merge_patch=True,
          problems=("unknown_forward", "precondition_failed")),
    Route("DELETE", "/forwards/{id}", delete_forward, "End a forward", {204: None}, conditional=True,
          problems=("unknown_forward", "precondition_failed")),
]
