"""What an answered command tells of a station's variables: read from it, or written and accepted. Pure.

OCPP 2.0.1 Part 2, B05 and B06; 1.6, 5.3 and 5.8.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from actors.device.objects import NETWORK_PROFILE, REPORT
from actors.device.prompts import about
from actors.records import Record, VariableRecord, VariablesSweptRecord
from actors.station.exchange import Exchange, Learned
from actors.station.limits import MOST_CONNECTORS
from protocol.events.types import timestamp

_MOST: Final = {"numberofconnectors": MOST_CONNECTORS}
_canonical = msgspec.json.Encoder(order="sorted").encode


def _configuration_read(exchange: Exchange) -> Iterator[Record]:
    """An answer to no key in particular lists them all (1.6, 5.8): what it lacks is gone."""
    listed = exchange.answer.get("configurationKey") or ()
    for told in listed:
        detail = {"readonly": told["readonly"]} | _plausible(told["key"], told.get("value"))
        yield VariableRecord("", told["key"], "Actual", told.get("value"), detail, exchange.at)
    request = exchange.request
    if listed and isinstance(request, Mapping) and not request.get("key"):
        yield VariablesSweptRecord(exchange.at, exchange.at)


def _plausible(key: str, value: str | None) -> dict[str, str]:
    """What is believed of a number that cannot be (quirk 28): `believed` beside the station's own word."""
    most = _MOST.get(key.casefold())
    if most is None or value is None or not value.strip().isdecimal() or int(value) <= most:
        return {}
    return {"believed": str(most)}


def _configuration_written(exchange: Exchange) -> Iterator[VariableRecord]:
    """Only what counts at once: a value that needs a reboot first is told by the next reading."""
    request = exchange.request
    if exchange.answer.get("status") == "Accepted" and isinstance(request, Mapping):
        key, value = request.get("key"), request.get("value")
        if isinstance(key, str) and isinstance(value, str):  # what was sent unchecked may be anything
            yield VariableRecord("", key, "Actual", value, {}, exchange.at)


def _variables_read(exchange: Exchange) -> Iterator[VariableRecord]:
    for told in exchange.answer.get("getVariableResult") or ():
        if told["attributeStatus"] == "Accepted":
            yield VariableRecord(*_name(told), told.get("attributeValue"), {}, exchange.at)


def _variables_written(exchange: Exchange) -> Iterator[VariableRecord]:
    request = exchange.request
    asked = request.get("setVariableData") if isinstance(request, Mapping) else None
    if not isinstance(asked, list) or not all(_complete(item) for item in asked):
        return  # sent unchecked
    values = {_folded(item): item["attributeValue"] for item in asked}
    for told in exchange.answer.get("setVariableResult") or ():
        value = values.get(_folded(told))
        if told["attributeStatus"] == "Accepted" and value is not None:
            yield VariableRecord(*_name(told), value, {}, exchange.at)


def _complete(item: Any) -> bool:
    return isinstance(item, Mapping) and isinstance(item.get("attributeValue"), str) and {"component", "variable"} <= {
        name for name, part in item.items() if isinstance(part, Mapping)
    }


def _name(item: Mapping[str, Any]) -> tuple[str, str, str]:
    """Component and variable as a NotifyReport would name them, and the attribute."""
    return _text(item["component"]), _text(item["variable"]), item.get("attributeType") or "Actual"


def _folded(item: Mapping[str, Any]) -> str:
    return "\n".join(_name(item)).casefold()


def _text(part: Mapping[str, Any]) -> str:
    return _canonical(part).decode()


def _report_asked(exchange: Exchange) -> Iterator[Record]:
    """A report that will not come (B07, B08); one that comes is told by its parts."""
    request = exchange.request
    if exchange.status == "Accepted" or not isinstance(request, Mapping):
        return
    ended = timestamp(exchange.at)
    data = {
        **about(exchange.action, request), "parts": 0, "variables": 0, "missing": [], "began_at": ended,
        "ended_at": ended,
    }  # fmt: skip
    status = "complete" if exchange.status == "EmptyResultSet" else "refused"
    yield from exchange.object(REPORT, str(request.get("requestId")), data, status)


def _network_profile_set(exchange: Exchange) -> Iterator[Record]:
    """The slot holds what the station accepted (B09.FR.01)."""
    request = exchange.request
    if exchange.accepted and isinstance(request, Mapping) and isinstance(request.get("connectionData"), Mapping):
        slot, data = request.get("configurationSlot"), dict(request["connectionData"])
        yield from exchange.object(NETWORK_PROFILE, str(slot), data, "accepted")


LEARN: Final[Learned] = {
    "GetConfiguration": _configuration_read,
    "ChangeConfiguration": _configuration_written,
    "GetVariables": _variables_read,
    "SetVariables": _variables_written,
    "GetBaseReport": _report_asked,
    "GetReport": _report_asked,
    "SetNetworkProfile": _network_profile_set,
}
