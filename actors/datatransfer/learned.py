"""A vendor's message of ours that was answered is kept beside those that came in. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs
import msgspec

from actors.certificates.learned import LEARN as CERTIFICATES
from actors.contract.pnc16_requests import VENDOR as PNC
from actors.records import Record, ReportRecord
from actors.station.exchange import Exchange, Learned
from protocol.events.types import StationReported
from protocol.ocpp.version import Version


def _sent(exchange: Exchange) -> Iterator[Record]:
    request: Mapping[str, Any] = exchange.request if isinstance(exchange.request, Mapping) else {}
    kept = {
        "direction": "out", "vendorId": request.get("vendorId"), "messageId": request.get("messageId"),
        "data": request.get("data"), "status": exchange.status, "answer": exchange.answer.get("data"),
    }  # fmt: skip
    report_id = exchange.new_id()
    yield ReportRecord(report_id, "DataTransfer", exchange.at, kept)
    station = exchange.station
    yield exchange.event(
        StationReported(station_id=station.id, station=station.identity, action="DataTransfer", report_id=report_id)
    )
    if station.version is Version.V16 and request.get("vendorId") == PNC and exchange.accepted:
        yield from _inside(exchange, request)


def _inside(exchange: Exchange, request: Mapping[str, Any]) -> Iterator[Record]:
    """What a 1.6 station answered about its certificates, as one of 2.0.1 would have."""
    action = str(request.get("messageId"))
    learn = CERTIFICATES.get(action)
    asked, told = _decoded(request.get("data")), _decoded(exchange.answer.get("data"))
    if learn is None or asked is None or told is None:
        return
    station = attrs.evolve(exchange.station, version=Version.V201)
    yield from learn(attrs.evolve(exchange, station=station, action=action, request=asked, answer=told))


def _decoded(text: Any) -> dict[str, Any] | None:
    try:
        found = msgspec.json.decode(text) if isinstance(text, str) else None
    except msgspec.DecodeError:
        return None
    return found if isinstance(found, dict) else None


LEARN: Final[Learned] = {"DataTransfer": _sent}
