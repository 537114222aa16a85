"""/data-transfers: vendors' own messages in both directions, and the rules of what becomes of them."""

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import uuid_utils.compat as uuids
from msgspec import UNSET, Meta, Struct, UnsetType

from storage.pool import Connection
from storage.web import datatransfer as rows
from storage.web.datatransfer import NewRule, RuleChange, RuleRow, TransferFilter, TransferRow
from web.api.call import Answer, Call
from web.api.fields import END, Label
from web.api.listing import listed
from web.api.resource import Resource, given
from web.api.route import NoQuery, Route
from web.api.stations import named_station
from web.api.views import ListOf
from web.instants import Instant, instant
from web.paging import Page
from web.validation import NotValid

Direction = Literal["in", "out"]
RuleAnswer = Literal["accept", "reject", "unknown_vendor", "unknown_message", "forward"]
Status = Literal["Accepted", "Rejected", "UnknownMessageId", "UnknownVendorId"]
Vendor = Annotated[str, Meta(min_length=1, max_length=255, pattern=f"^[\\x20-\\x7e]+{END}")]
Message = Annotated[str, Meta(min_length=1, max_length=50, pattern=f"^[\\x20-\\x7e]+{END}")]
Url = Annotated[str, Meta(min_length=8, max_length=2000)]
Deadline = Annotated[float, Meta(gt=0, le=20)]


class TransfersQuery(Page, kw_only=True, frozen=True):
    """Filters; `direction`: `in` from stations, `out` to them."""

    station: Label | None = None
    vendor: Label | None = None
    message: Label | None = None
    direction: Direction | None = None
    status: Status | None = None


class RulesQuery(Page, kw_only=True, frozen=True):
    """Filters."""

    vendor: Label | None = None
    direction: Direction | None = None


class RuleCreate(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What becomes of a vendor's message; without `message` it counts for all that have no rule of their own.

    `in`: the station gets the answer and `data`, or what the webhook at `url` says within `deadline_s` seconds.
    `out`: `reject` keeps the message from being sent, `accept` sends `data` when the command brings none.
    """

    vendor: Vendor
    answer: RuleAnswer
    message: Message | None = None
    direction: Direction = "in"
    data: Any = None
    url: Url | None = None
    deadline_s: Deadline | None = None


class RulePatch(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What may change, as a JSON merge patch."""

    answer: RuleAnswer | UnsetType = UNSET
    data: Any = UNSET
    url: Url | UnsetType | None = UNSET
    deadline_s: Deadline | UnsetType | None = UNSET


class TransferView(Struct, frozen=True, kw_only=True):
    """One message and its answer, without secrets. `data` and `answer`: any JSON; text in OCPP 1.6."""

    id: str
    station: str
    station_id: str
    direction: str
    vendor: str | None
    message: str | None
    data: Any
    status: str | None
    answer: Any
    at: Instant


class RuleView(Struct, frozen=True, kw_only=True):
    """A rule."""

    id: str
    vendor: str
    message: str | None
    direction: str
    answer: str
    data: Any
    url: str | None
    deadline_s: float | None
    created_at: Instant
    updated_at: Instant
    revision: int


async def list_data_transfers(call: Call[TransfersQuery, None]) -> Answer:
    query = call.query
    station = None if query.station is None else await named_station(call, query.station)
    wanted = TransferFilter(station, query.vendor, query.message, query.direction, query.status)
    return await listed(
        call, "data-transfers", lambda connection, span: rows.list_transfers(connection, *span, wanted), _transfer
    )


async def list_transfer_rules(call: Call[RulesQuery, None]) -> Answer:
    query = call.query
    return await RULES.listed(
        call, lambda connection, span: rows.list_rules(connection, *span, query.vendor, query.direction)
    )


async def create_transfer_rule(call: Call[NoQuery, RuleCreate]) -> Answer:
    body = call.body
    _check(body.direction, body.answer, body.url)
    new = NewRule(
        call.tenant.id, uuids.uuid7(), body.vendor, body.message, body.direction, body.answer, body.data, body.url,
        body.deadline_s, call.now,
    )

    taken = "there is a rule for that vendor, message and direction"
    return await RULES.created(call, new.id, lambda connection: rows.insert_rule(connection, new), taken)


async def get_transfer_rule(call: Call[NoQuery, None]) -> Answer:
    return await RULES.read(call)


async def patch_transfer_rule(call: Call[NoQuery, RulePatch]) -> Answer:
    patch = call.body

    async def change(connection: Connection, there: RuleRow) -> None:
        answer, url = given(patch.answer, there.answer), given(patch.url, there.url)
        _check(there.direction, answer, url)
        deadline = given(patch.deadline_s, there.deadline_s)
        changed = RuleChange(there.id, answer, given(patch.data, there.data), url, deadline, call.now)
        await rows.update_rule(connection, changed)

    return RULES.shown(await RULES.changed(call, change))


async def delete_transfer_rule(call: Call[NoQuery, None]) -> Answer:
    await RULES.deleted(call, lambda connection, there: rows.delete_rule(connection, there.id))
    return Answer(status=204)


def _check(direction: str, answer: str, url: str | None) -> None:
    """Raises NotValid for members that do not go together."""
    if direction == "out" and answer not in ("accept", "reject"):
        raise NotValid([("/answer", "a rule for messages to stations is `accept` or `reject`")])
    if (answer == "forward") != (url is not None):
        raise NotValid([("/url", "`url` belongs to the answer `forward`, and `forward` needs one")])
    if url is None:
        return
    try:
        split = urlsplit(url)
        fine = split.scheme in ("http", "https") and bool(split.hostname) and split.username is None
    except ValueError:
        fine = False
    if not fine or "\x00" in url:
        raise NotValid([("/url", "an address begins with http:// or https:// and names a host, without a user")])


def _rule(row: RuleRow) -> RuleView:
    return RuleView(
        id=str(row.id), vendor=row.vendor_id, message=row.message_id, direction=row.direction, answer=row.answer,
        data=row.data, url=row.url, deadline_s=row.deadline_s, created_at=instant(row.created_at),
        updated_at=instant(row.updated_at), revision=row.revision,
    )


RULES: Resource[RuleRow] = Resource("data-transfers/rules", "unknown_rule", "rule", rows.get_rule, _rule)


def _transfer(row: TransferRow) -> TransferView:
    kept = row.payload
    return TransferView(
        id=str(row.id), station=row.station, station_id=str(row.station_id), direction=kept.get("direction", "in"),
        vendor=kept.get("vendorId"), message=kept.get("messageId"), data=kept.get("data"), status=kept.get("status"),
        answer=kept.get("answer"), at=instant(row.received_at),
    )


ROUTES = [
    Route("GET", "/data-transfers", list_data_transfers, "List vendors' own messages, both directions",
          {200: ListOf[TransferView]}, query=TransfersQuery, problems=("unknown_station",)),
    Route("GET", "/data-transfers/rules", list_transfer_rules, "List what becomes of vendors' messages",
          {200: ListOf[RuleView]}, query=RulesQuery),
    Route("POST", "/data-transfers/rules", create_transfer_rule, "Say what becomes of a vendor's message",
          {201: RuleView}, body=RuleCreate, creates=True, problems=("already_exists",),
          example={"vendor": "com.example", "message": "Greeting", "answer": "accept", "data": {"hello": True}}),
    Route("GET", "/data-transfers/rules/{id}", get_transfer_rule, "Read a rule", {200: RuleView},
          problems=("unknown_rule",)),
    Route("PATCH", "/data-transfers/rules/{id}", patch_transfer_rule, "Change a rule", {200: RuleView},
          body=RulePatch,
          example={"answer": "reject"}, conditional=True, merge_patch=True,
          problems=("unknown_rule", "precondition_failed")),
    Route("DELETE", "/data-transfers/rules/{id}", delete_transfer_rule, "Delete a rule", {204: None}, conditional=True,
          problems=("unknown_rule", "precondition_failed")),
]
