"""/station-tariffs, /settlements: what stations calculate with, what was paid at them (OCPP 2.1 Part 2, C and I)."""

from typing import Any

from msgspec import UNSET, Struct, UnsetType

from actors.payment.objects import KIND as SETTLEMENT
from actors.tariffs.objects import CONTENT, KIND
from storage.web.display import tariff_contents
from storage.web.objects import ObjectRow
from web.api.call import Answer, Call
from web.api.commands import CommandQuery, wanted_timeout
from web.api.fields import Evse, Object
from web.api.many import Fates, ToStations, named, send
from web.api.objects import KindQuery, object_list
from web.api.once import around
from web.api.queued import wanted_queue
from web.api.route import Route
from web.api.views import ListOf
from web.instants import Instant, instant
from web.problems import ApiProblem
from web.validation import NotValid


class TariffView(Struct, frozen=True, kw_only=True):
    """A tariff at a station. `evse` 0: all of them; `tokens`: whom a driver's tariff is for."""

    tariff_id: str
    station: str
    station_id: str
    evse: int
    kind: str
    valid_from: str | None
    tokens: list[str] | None
    since: Instant
    received_at: Instant
    removed_at: Instant | None


class TariffContentView(Struct, frozen=True, kw_only=True):
    """A tariff as it was sent (OCPP 2.1, TariffType)."""

    tariff_id: str
    station: str
    tariff: Object
    received_at: Instant


class NewTariff(ToStations, frozen=True, kw_only=True):
    """A tariff for stations. Another content needs another `tariffId` (I08.FR.08)."""

    tariff: Object
    evse: Evse | UnsetType = UNSET


class SettlementView(Struct, frozen=True, kw_only=True):
    """A payment at a station: Settled, Canceled, Rejected or Failed. `amount`: decimal text, the station's currency."""

    psp_ref: str
    station: str
    station_id: str
    status: str
    amount: str
    at: str
    transaction_id: str | None
    session: str | None
    info: str | None
    receipt_id: str | None
    receipt_url: str | None
    vat_number: str | None
    vat_company: Object | None
    received_at: Instant


def tariff_view(row: ObjectRow) -> TariffView:
    data = row.data
    return TariffView(
        tariff_id=data["tariff_id"], station=row.station, station_id=str(row.station_id), evse=data["evse"],
        kind=data["kind"], valid_from=data.get("valid_from"), tokens=data.get("tokens"), since=instant(row.since),
        received_at=instant(row.received_at), removed_at=instant(row.removed_at),
    )  # fmt: skip


def content_view(row: ObjectRow) -> TariffContentView:
    return TariffContentView(
        tariff_id=row.key, station=row.station, tariff=row.data, received_at=instant(row.received_at)
    )


def settlement_view(row: ObjectRow) -> SettlementView:
    data = row.data
    return SettlementView(
        psp_ref=row.key, station=row.station, station_id=str(row.station_id), status=data["status"],
        amount=data["amount"], at=data["at"], transaction_id=data.get("transaction_id"), session=data.get("session"),
        info=data.get("info"), receipt_id=data.get("receipt_id"), receipt_url=data.get("receipt_url"),
        vat_number=data.get("vat_number"), vat_company=data.get("vat_company"), received_at=instant(row.received_at),
    )  # fmt: skip


list_station_tariffs = object_list(KIND, "station-tariffs", tariff_view)
list_station_tariffs.__name__ = "list_station_tariffs"
list_tariff_contents = object_list(CONTENT, "tariff-contents", content_view)
list_tariff_contents.__name__ = "list_tariff_contents"
list_settlements = object_list(SETTLEMENT, "settlements", settlement_view)
list_settlements.__name__ = "list_settlements"


async def create_station_tariff(call: Call[CommandQuery, NewTariff]) -> Answer:
    """Nothing is sent under an id that has another content already."""
    timeout, queue = wanted_timeout(call.query, call.context), wanted_queue(call.query.queue)
    tariff = call.body.tariff
    tariff_id = tariff.get("tariffId")
    if not isinstance(tariff_id, str) or not 1 <= len(tariff_id) <= 60 or "\x00" in tariff_id:
        raise NotValid([("/tariff/tariffId", "a text of 1 to 60 characters")])
    stations = await named(call, call.body)
    known = await call.database(lambda connection: tariff_contents(connection, CONTENT, tariff_id))
    if any(_content(each) != _content(tariff) for each in known):
        raise ApiProblem(
            "already_exists", f"{tariff_id!r} was sent with another content before: give the new one another id",
            errors=[("/tariff/tariffId", "names another content")],
        )  # fmt: skip
    body: dict[str, Any] = {"tariff": tariff} | ({} if call.body.evse is UNSET else {"evse": call.body.evse})

    async def ask() -> Answer:
        return Answer(await send(call, stations, "default-tariff", body, timeout, queue), 201)

    return await around(call, ask)


def _content(tariff: dict[str, Any]) -> dict[str, Any]:
    """When it begins to count is no part of what it says."""
    return {name: value for name, value in tariff.items() if name != "validFrom"}


ROUTES = [
    Route("GET", "/station-tariffs", list_station_tariffs, "List tariffs that stations calculate with",
          {200: ListOf[TariffView]}, query=KindQuery, problems=("unknown_station",)),
    Route("POST", "/station-tariffs", create_station_tariff, "Give stations a default tariff", {201: Fates},
          query=CommandQuery, body=NewTariff, creates=True,
          problems=("unknown_station", "station_busy", "already_exists"),
          example={"stations": ["CP001"], "evse": 0,
                   "tariff": {"tariffId": "DAY-1", "currency": "EUR", "energy": {"prices": [{"priceKwh": 0.45}]}}}),
    Route("GET", "/tariff-contents", list_tariff_contents, "List tariffs as they were sent to stations",
          {200: ListOf[TariffContentView]}, query=KindQuery, problems=("unknown_station",)),
    Route("GET", "/settlements", list_settlements, "List payments at stations", {200: ListOf[SettlementView]},
          query=KindQuery, problems=("unknown_station",)),
]
