"""Vendors' own messages to stations (OCPP 1.6, 5.6; OCPP 2.0.1 Part 2, P01). Pure."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from actors.contract.pnc16_requests import wrapped
from actors.station.phrasing import Facts, Payload, Phrase, Phrases


def _transfer(arguments: Mapping[str, Any], data: Any) -> Phrase:
    payload: Payload = {"vendorId": arguments["vendor"]}
    if arguments.get("message") is not None:
        payload["messageId"] = arguments["message"]
    if data is not None:
        payload["data"] = data
    return "DataTransfer", payload


def _transfer16(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    data = arguments.get("data")
    text = data if data is None or isinstance(data, str) else msgspec.json.encode(data).decode()
    return _transfer(arguments, text)


def _transfer2(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    return _transfer(arguments, arguments.get("data"))


def _pnc16(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    return wrapped(arguments["message"], arguments["payload"])


def _pnc2(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    return arguments["message"], dict(arguments["payload"])


V16: Final[Phrases] = {"data-transfer": _transfer16, "plug-and-charge": _pnc16}
V2: Final[Phrases] = {"data-transfer": _transfer2, "plug-and-charge": _pnc2}
