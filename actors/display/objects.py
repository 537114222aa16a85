"""A message on a station's display, as what `station_objects` keeps of kind `display_message`. Pure.

The key is the message's id at the station, as text; `data` is `DisplayMessage` as plain JSON (OCPP 2.0.1 Part 2, O01;
MessageInfoType).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

KIND: Final = "display_message"
WHOLE: Final = 777
"""Our questions for all messages carry a request id that ends so: only then is what is not listed taken for gone."""


class Text(msgspec.Struct, frozen=True, omit_defaults=True):
    """One form of the message; `format`: ASCII, HTML, URI, UTF8, QRCODE; `language` as RFC 5646 has it."""

    format: str
    content: str
    language: str | None = None


class DisplayMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """`texts`: the message, then its other languages (2.1). Times are as the station has them.

    `state`: shown only then (None: always); `display`: which display, where the station has several.
    """

    id: int
    priority: str
    texts: list[Text]
    state: str | None = None
    start: str | None = None
    end: str | None = None
    transaction_id: str | None = None
    display: dict[str, Any] | None = None


def from_ocpp(info: Mapping[str, Any]) -> DisplayMessage:
    """From MessageInfoType as plain JSON. Raises KeyError, TypeError, msgspec.ValidationError for anything else."""
    texts = [info["message"], *(info.get("messageExtra") or ())]
    return msgspec.convert(
        {
            "id": info["id"], "priority": info["priority"], "texts": texts, "state": info.get("state"),
            "start": info.get("startDateTime"), "end": info.get("endDateTime"),
            "transaction_id": info.get("transactionId"), "display": info.get("display"),
        },
        DisplayMessage,
    )  # fmt: skip


def to_data(message: DisplayMessage) -> dict[str, Any]:
    """The `data` of the object."""
    data: dict[str, Any] = msgspec.to_builtins(message)
    return data


def whole(number: int) -> int:
    """A request id that asks for all messages."""
    return number // 1000 % 2_000_000 * 1000 + WHOLE


def asks_for_all(request_id: int) -> bool:
    return request_id % 1000 == WHOLE


def is_filtered(request: Mapping[str, Any]) -> bool:
    """True for a GetDisplayMessages that does not ask for all."""
    return any(request.get(name) for name in ("id", "priority", "state"))


def keys(messages: Sequence[DisplayMessage]) -> list[str]:
    return [str(message.id) for message in messages]
