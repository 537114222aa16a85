"""/sessions/{id}/signed-values and /stations/{station}/meter-values: readings beyond a session's own list.

Signed values are shown, and given out, to the letter as the station sent them; nothing here checks a signature.
"""

from datetime import timedelta
from typing import Any

import msgspec
from msgspec import Struct

from actors.meter.signed import Signed, public_key, signed_values
from storage.pool import Connection
from storage.web import meter as rows
from storage.web.meter import KeyRow, StationReadings
from storage.web.sessions import ReadingRow, SessionRow
from web.api.call import Answer, Call, Raw
from web.api.fields import Evse
from web.api.route import NoQuery, Route
from web.api.sessions import ReadingsQuery, ReadingView, found_session, reading_list
from web.api.stations import find_station
from web.api.views import ListOf
from web.instants import Instant, instant
from web.paging import check_between, decode_skip
from web.problems import ApiProblem

_BACK = timedelta(days=7)  # what a station's readings show unless `from` says otherwise


class StationReadingsQuery(ReadingsQuery, kw_only=True, frozen=True):
    """The last seven days unless `from` says otherwise; `loose`: only those of no session."""

    evse: Evse | None = None
    loose: bool = False


class PublicKeyView(Struct, frozen=True, kw_only=True):
    """A meter's key. `source`: the value itself, another value of the session, or the station's own variable."""

    source: str
    received: str
    encoding: str | None
    content_type: str | None
    key: str | None


class SignedView(Struct, frozen=True, kw_only=True):
    """One signed value. `data`: the signed data, to the letter; `format`: OCMF, EDL …, as named or recognised.

    `complete` false: as long as OCPP 2.0.1 allows, so perhaps cut by the station.
    """

    number: int
    at: Instant
    received_at: Instant
    evse: int | None
    connector: int | None
    context: str | None
    measurand: str | None
    phase: str | None
    location: str | None
    format: str | None
    signing_method: str | None
    data: str
    complete: bool
    public_key: PublicKeyView | None


class SignedList(Struct, frozen=True, kw_only=True):
    """All signed values of a session, oldest first. `truncated`: there are more readings than are looked at."""

    session: str
    station: str
    items: list[SignedView]
    truncated: bool


_Found = list[tuple[ReadingRow, Signed]]
_LONGEST_201 = 2500


async def list_signed_values(call: Call[NoQuery, None]) -> Answer:
    session = await found_session(call)

    async def read(connection: Connection) -> tuple[list[ReadingRow], list[KeyRow]]:
        found = await rows.signed_readings(connection, session)
        return found, await rows.public_keys(connection, session.station_id)

    readings, keys = await call.database(read)
    found = _found(readings)
    shared = next((each.public_key for _, each in found if each.public_key), None)
    told = _key_of_station(keys, session)
    items = [_view(number, row, each, shared, told) for number, (row, each) in enumerate(found, 1)]
    return Answer(
        SignedList(
            session=str(session.id), station=session.station, items=items,
            truncated=len(readings) >= rows.MOST_SIGNED,
        )
    )  # fmt: skip


async def get_signed_value(call: Call[NoQuery, None]) -> Answer:
    """The value as received, byte by byte."""
    session, number = await found_session(call), call.path["number"]
    found = _found(await call.database(lambda connection: rows.signed_readings(connection, session)))
    if not (number.isascii() and number.isdecimal() and len(number) < 8 and 1 <= int(number) <= len(found)):
        raise ApiProblem("unknown_object", f"this session has {len(found)} signed values")
    _, value = found[int(number) - 1]
    name = f"{session.id}-{int(number)}.txt"
    return Answer(
        Raw(value.raw.encode("utf-8", "surrogatepass")),
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )


def _found(readings: list[ReadingRow]) -> _Found:
    return [(row, each) for row in readings for each in signed_values(_samples(row))]


def _samples(row: ReadingRow) -> list[dict[str, Any]]:
    sampled = msgspec.json.decode(row.sampled)
    return [sample for sample in sampled if isinstance(sample, dict)] if isinstance(sampled, list) else []


def _key_of_station(keys: list[KeyRow], session: SessionRow) -> str | None:
    """The key of the session's EVSE; the only one when a station tells but one."""
    evse = session.evse
    for key in keys:
        if key.variable.casefold() == f"meterpublickey{evse}":
            return key.value
        if key.component and (msgspec.json.decode(key.component).get("evse") or {}).get("id") == evse:
            return key.value
    return keys[0].value if len(keys) == 1 else None


def _view(number: int, row: ReadingRow, value: Signed, shared: str | None, told: str | None) -> SignedView:
    sources = (("value", value.public_key), ("session", shared), ("station", told))
    key = next(((source, text) for source, text in sources if text), None)
    return SignedView(
        number=number, at=instant(row.at), received_at=instant(row.received_at), evse=row.evse,
        connector=row.connector, context=value.context or row.context, measurand=value.measurand, phase=value.phase,
        location=value.location, format=value.format, signing_method=value.signing_method, data=value.data,
        complete=len(value.data) != _LONGEST_201, public_key=None if key is None else _key(*key),
    )  # fmt: skip


def _key(source: str, text: str) -> PublicKeyView:
    key = public_key(text)
    return PublicKeyView(
        source=source, received=key.received, encoding=key.encoding, content_type=key.content_type, key=key.key
    )


async def list_station_readings(call: Call[StationReadingsQuery, None]) -> Answer:
    query = call.query
    check_between(query)
    after = decode_skip("station-meter-values", query)
    station = (await find_station(call)).config.id
    until = query.until or call.now + timedelta(minutes=1)
    wanted = StationReadings(station, query.since or until - _BACK, until, query.evse, query.loose)
    found = await call.database(
        lambda connection: rows.list_station_readings(
            connection, query.limit + 1, after, query.order == "oldest", wanted
        )
    )
    return Answer(reading_list(query, "station-meter-values", found, after))


ROUTES = [
    Route("GET", "/sessions/{id}/signed-values", list_signed_values, "List a session's signed meter values",
          {200: SignedList}, problems=("unknown_session",),
          description="All of them, with the keys they can be checked with. Nothing is altered, and no signature is "
                      "checked here."),
    Route("GET", "/sessions/{id}/signed-values/{number}", get_signed_value, "Download one signed value as received",
          {200: Raw}, problems=("unknown_session", "unknown_object")),
    Route("GET", "/stations/{station}/meter-values", list_station_readings, "List a station's readings",
          {200: ListOf[ReadingView]}, query=StationReadingsQuery, problems=("unknown_station",)),
]
