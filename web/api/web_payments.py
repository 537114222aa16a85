"""Paying on the web by the code that a station shows: its secret, and what a scanned address says.

OCPP 2.1 Part 2, C25. Whoever runs the page that the address leads to brings the address here. Only with our answer
may the driver be sent on to pay, and `start` follows with the payment's reference as a token of type DirectPayment
(C25.FR.23).
"""

import secrets
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

import uuid_utils.compat as uuids
from msgspec import UNSET, Meta, Struct, UnsetType

from actors.payment import addresses, codes
from actors.ports import StationConfig
from actors.station.face import NeutralCommand, RawCommand
from protocol.ocpp.version import Version
from storage.web import stations as station_rows
from storage.web import web_payments as rows
from storage.web.web_payments import NewWebPayment, WebPaymentRow
from web.api.call import Answer, Call
from web.api.command_answers import problem_of
from web.api.commands import CommandQuery, wanted_timeout
from web.api.fields import Evse
from web.api.route import NoQuery, Route
from web.api.stations import find_station, unknown_station
from web.api.variable_items import answered, plan
from web.api.views import ListOf
from web.instants import Instant, instant
from web.problems import ApiProblem
from web.validation import NotValid

_MOST_TEMPLATES = 500
_TAKEN = frozenset(("Accepted", "RebootRequired"))
_NEEDED = frozenset(("SharedSecret", "ValidityTime", "Length", "TOTPVersion", "URLTemplate"))
_Address = Annotated[str, Meta(min_length=10, max_length=1000, pattern=r"^https?://[^\s]+$(?!\n)")]


class WebPaymentSet(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What a station shall show. `url_template` with `{chargingstationid}` or `{roamingevseid}`, `{totp}`, `{version}`
    and perhaps `{evse}`; `secret`: by default a random one; `evse`: for one EVSE whose controller is its own;
    `payment_page`: where a driver with a right code is sent to pay."""

    url_template: _Address
    secret: Annotated[str, Meta(min_length=16, max_length=128)] | UnsetType = UNSET
    validity_s: Annotated[int, Meta(ge=6, le=3600)] = 30
    length: Annotated[int, Meta(ge=6, le=32)] = 8
    evse: Evse = 0
    roaming_evse_id: Annotated[str, Meta(min_length=1, max_length=48)] | UnsetType = UNSET
    payment_page: _Address | UnsetType = UNSET


class WebPaymentView(Struct, frozen=True, kw_only=True):
    """What a station shows; the secret itself is told to nobody. `in_effect`: the station took it."""

    station: str
    station_id: str
    evse: int
    url_template: str
    roaming_evse_id: str | None
    payment_page: str | None
    validity_s: int
    length: int
    in_effect: bool
    updated_at: Instant


class WebPaymentSetAnswer(Struct, frozen=True, kw_only=True):
    """`variables`: what the station said to each variable of its WebPaymentsCtrlr; null where it said nothing."""

    in_effect: bool
    variables: dict[str, str | None]


class ScannedAddress(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The address that a driver's phone opened, whole. `timeout_s`: how long the EVSE is kept for the payment."""

    url: Annotated[str, Meta(min_length=10, max_length=2000)]
    timeout_s: Annotated[int, Meta(ge=1, le=86_400)] = 120
    notify: bool = True


class WebPaymentOpened(Struct, frozen=True, kw_only=True):
    """The code is right: where the driver stands, and `limits` for `start`. `notified`: the station heard of it.

    `forward_to`: the page where the driver pays, told of all this in its parameters; null where none is set.
    """

    station: str
    station_id: str
    evse: int | None
    limits: dict[str, Any]
    notified: bool
    forward_to: str | None


async def list_web_payments(call: Call[NoQuery, None]) -> Answer:
    station = (await find_station(call)).config
    found = await call.database(lambda connection: rows.of_station(connection, station.id))
    return Answer(ListOf([_view(row) for row in found], None))


def _view(row: WebPaymentRow) -> WebPaymentView:
    return WebPaymentView(
        station=row.station, station_id=str(row.station_id), evse=row.evse, url_template=row.url_template,
        roaming_evse_id=row.roaming_evse_id, payment_page=row.payment_page, validity_s=row.validity_s,
        length=row.length, in_effect=row.secret_sealed is not None, updated_at=instant(row.updated_at),
    )


async def set_web_payment(call: Call[CommandQuery, WebPaymentSet]) -> Answer:
    """Counts when the station has taken it. Until then, and when its answer is lost, both secrets do."""
    _check(call.body)
    timeout = wanted_timeout(call.query, call.context)
    station = (await find_station(call)).config
    live = call.context.stations.live(station.id)
    version = (live.version if live else None) or station.ocpp_version
    if version is not None and version is not Version.V21:
        raise ApiProblem("not_available", f"OCPP {version.value} has no codes to pay by; OCPP 2.1 has")
    there = await call.database(lambda connection: rows.of_station(connection, station.id))
    row_id = next((row.id for row in there if row.evse == call.body.evse), None) or uuids.uuid7()
    secret = secrets.token_urlsafe(32) if call.body.secret is UNSET else call.body.secret
    new = NewWebPayment(
        call.tenant.id, row_id, station.id, call.body.evse, call.body.url_template,
        None if call.body.roaming_evse_id is UNSET else call.body.roaming_evse_id,
        None if call.body.payment_page is UNSET else call.body.payment_page, call.body.validity_s, call.body.length,
        _sealed(call, secret, row_id), call.now,
    )  # fmt: skip
    await call.database(lambda connection: rows.put_pending(connection, new))
    said = await _tell(call, station, _items(call.body, secret), timeout)
    in_effect = all(said.get(name) in _TAKEN for name in _NEEDED)
    if in_effect:
        await call.database(lambda connection: rows.taken(connection, new))
    return Answer(WebPaymentSetAnswer(in_effect=in_effect, variables=said))


def _check(wanted: WebPaymentSet) -> None:
    errors = [("/url_template", what) for what in addresses.wrong(wanted.url_template)]
    lower = wanted.url_template.lower()
    roaming = "{roamingevseid}" in lower
    if roaming != (wanted.roaming_evse_id is not UNSET):
        errors.append(("/roaming_evse_id", "goes with `{roamingevseid}` in the template, and that with it"))
    if wanted.evse and not roaming and "{evse}" not in lower:
        errors.append(("/url_template", "for one EVSE, `{evse}` or `{roamingevseid}` has to be in it"))
    if errors:
        raise NotValid(errors)


def _items(wanted: WebPaymentSet, secret: str) -> list[dict[str, Any]]:
    component: dict[str, Any] = {"name": "WebPaymentsCtrlr"}
    if wanted.evse:
        component["evse"] = {"id": wanted.evse}
    values = {
        "URLTemplate": wanted.url_template, "TOTPVersion": codes.VERSION, "ValidityTime": str(wanted.validity_s),
        "Length": str(wanted.length), "SharedSecret": secret,
    }  # fmt: skip
    if wanted.roaming_evse_id is not UNSET:
        values["RoamingEvseId"] = wanted.roaming_evse_id
    values["Enabled"] = "true"
    return [
        {"component": component, "variable": {"name": name}, "attributeValue": value} for name, value in values.items()
    ]


async def _tell(
    call: Call[Any, Any], station: StationConfig, items: list[dict[str, Any]], timeout: float
) -> dict[str, str | None]:
    """The station's status for each variable, message by message. Raises ApiProblem when the first gets no answer."""
    limits = await call.database(lambda connection: station_rows.read_limits(connection, station.id))
    overrides = station.settings.get("items_per_message") or {}
    said: dict[str, str | None] = {item["variable"]["name"]: None for item in items}
    for index, message in enumerate(plan(items, "write", Version.V21, limits.told, overrides)):
        result = await call.context.stations.command(
            station, RawCommand(message.action, message.payload), timeout=timeout, requested_by=call.principal.name,
            request_id=call.request_id,
        )  # fmt: skip
        if result.status != "answered":
            if index == 0:
                raise problem_of(result)
            break
        for item in answered(message, result.payload):
            said[item["variable"]["name"]] = item.get("status")
    return said


def _sealed(call: Call[Any, Any], secret: str, row_id: UUID) -> bytes:
    if call.context.seal is None:
        raise ApiProblem("not_available", "this node keeps no secrets")
    return call.context.seal(secret, row_id)


async def delete_web_payment(call: Call[NoQuery, None]) -> Answer:
    """What the station shows is accepted no longer; the station itself is not told."""
    station = (await find_station(call)).config
    evse = call.path["evse"]
    there = evse.isdecimal() and len(evse) < 10
    if not there or not await call.database(lambda c: rows.delete(c, station.id, int(evse))):
        raise ApiProblem("unknown_web_payment", f"no codes are set for EVSE {evse[:20]!r} of this station")
    return Answer(status=204)


async def open_web_payment(call: Call[CommandQuery, ScannedAddress]) -> Answer:
    """C25.FR.07, C25.FR.08, C25.FR.09: only a right code says where it is; with a wrong one nothing is begun."""
    timeout = wanted_timeout(call.query, call.context)
    row, scanned = await _find(call, call.body.url)
    if scanned.version.casefold() != codes.VERSION or not _is_right(call, row, scanned.code):
        raise _wrong("the code is not that of now: have it scanned again")
    evse = row.evse or scanned.evse
    notified = False
    if call.body.notify and evse:
        notified = await _notify(call, row, evse, timeout)
    return Answer(
        WebPaymentOpened(
            station=row.station, station_id=str(row.station_id), evse=evse or None, limits=dict(scanned.limits),
            notified=notified, forward_to=_forward_to(row, evse, scanned.limits),
        )
    )  # fmt: skip


def _forward_to(row: WebPaymentRow, evse: int | None, limits: Mapping[str, Any]) -> str | None:
    """C25.FR.20: where whoever runs the page sends the driver on."""
    if row.payment_page is None:
        return None
    told = {"station": row.station} | ({"evse": evse} if evse else {}) | dict(limits)
    return row.payment_page + ("&" if "?" in row.payment_page else "?") + urlencode(told)


async def _find(call: Call[Any, Any], url: str) -> tuple[WebPaymentRow, addresses.Scanned]:
    known = await call.database(lambda connection: rows.templates(connection, _MOST_TEMPLATES))
    why = "no station shows such an address"
    for template in known:
        try:
            scanned = addresses.read(template, url)
        except addresses.NotReadable as wrong:
            why = str(wrong)  # another template may fit it better
            continue
        if scanned is None:
            continue
        row = await call.database(
            lambda c, t=template, s=scanned: rows.scanned(c, t, s.station, s.roaming, s.evse)  # type: ignore[misc]
        )
        if row is not None:
            return row, scanned
    raise _wrong(why)


def _is_right(call: Call[Any, Any], row: WebPaymentRow, code: str) -> bool:
    unseal = call.context.unseal
    if unseal is None:
        raise ApiProblem("not_available", "this node keeps no secrets")
    kept = [sealed for sealed in (row.secret_sealed, row.pending_sealed) if sealed is not None]
    right = [codes.valid(code, unseal(sealed, row.id), call.now, row.validity_s, row.length) for sealed in kept]
    return any(right)


async def _notify(call: Call[Any, Any], row: WebPaymentRow, evse: int, timeout: float) -> bool:
    """C25.FR.20, FR.21: so that nobody else begins there meanwhile; a station that is away costs nobody the payment."""
    found = await call.database(lambda c: station_rows.find_station(c, str(row.station_id), call.tenant.slug))
    if found is None:
        raise unknown_station(row.station)
    result = await call.context.stations.command(
        found.config, NeutralCommand("web-payment", {"evse": evse, "timeout_s": call.body.timeout_s}), timeout=timeout,
        requested_by=call.principal.name, request_id=call.request_id,
    )
    return result.status == "answered"


def _wrong(detail: str) -> ApiProblem:
    return ApiProblem("unknown_payment_code", detail)


_TEMPLATE = "https://pay.example/{chargingstationid}/{evse}/{totp}/{version}"
ROUTES = [
    Route("GET", "/stations/{station}/web-payments", list_web_payments, "Which codes a station shows to pay by",
          {200: ListOf[WebPaymentView]}, problems=("unknown_station",)),
    Route("PUT", "/stations/{station}/web-payments", set_web_payment, "Set the address and the secret of its codes",
          {200: WebPaymentSetAnswer}, query=CommandQuery, body=WebPaymentSet,
          problems=("unknown_station", "station_offline", "station_busy", "station_error", "station_silent",
                    "invalid_answer", "not_available"),
          example={"url_template": _TEMPLATE}),
    Route("DELETE", "/stations/{station}/web-payments/{evse}", delete_web_payment,
          "Accept the codes of a station, or one of its EVSEs, no longer", {204: None},
          problems=("unknown_station", "unknown_web_payment")),
    Route("POST", "/web-payments", open_web_payment, "What a scanned address says, when its code is right",
          {200: WebPaymentOpened}, query=CommandQuery, body=ScannedAddress,
          problems=("unknown_payment_code", "not_available"),
          example={"url": "https://pay.example/CP001/1/aHicux89/v1?maxenergy=20000"}),
]  # fmt: skip
