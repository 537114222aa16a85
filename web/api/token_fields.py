"""What a token's body may say beyond its uid: where, when and how it may be used. Pure."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, to_builtins

from actors.windows import zone
from web.api.fields import END, Label
from web.api.windows import Window
from web.validation import NotValid

Status = Literal["accepted", "blocked", "expired", "invalid", "no_credit"]
# OCPP 2.0.1 Part 2, 3.43 IdTokenEnumType, and what 2.1 adds (appendix 7).
Type = Literal[
    "Central", "DirectPayment", "eMAID", "EVCCID", "ISO14443", "ISO15693", "KeyCode", "Local", "MacAddress",
    "NoAuthorization", "VIN",
]
Language = Annotated[str, Meta(pattern=f"^[A-Za-z]{{2,8}}(-[A-Za-z0-9]{{1,8}})*{END}", max_length=8,
                               description="RFC 5646, for example `de` or `en-GB`")]
_Evse = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Zone = Annotated[str, Meta(min_length=1, max_length=64, description="IANA time zone, for example `Europe/Berlin`")]
Priority = Annotated[int, Meta(ge=-9, le=9, description="OCPP 2.x chargingPriority")]
Sessions = Annotated[int, Meta(ge=0, le=1000, description="Sessions at a time; 0: any number")]
Seconds = Annotated[int, Meta(ge=0, le=366 * 86_400)]
ConnectorType = Annotated[str, Meta(min_length=1, max_length=20, description="OCPP 2.x ConnectorEnumType")]


class Additional(Struct, forbid_unknown_fields=True, frozen=True):
    """OCPP 2.x additionalInfo."""

    value: Annotated[str, Meta(min_length=1, max_length=36)]
    type: Annotated[str, Meta(min_length=1, max_length=50)]


class Message(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True, omit_defaults=True):
    """What the station shows to the holder."""

    content: Annotated[str, Meta(min_length=1, max_length=512)]
    format: Literal["ASCII", "HTML", "URI", "UTF8", "QRCODE"] = "UTF8"
    language: Language | None = None


class TokenPlace(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True, omit_defaults=True):
    """A station (identity or id) or a site; `evses`: only those of it."""

    station: Label | None = None
    site: Label | None = None
    evses: Annotated[list[_Evse], Meta(min_length=1, max_length=100)] | None = None


_MAC = re.compile(r"[0-9A-Fa-f]{2}([:-]?[0-9A-Fa-f]{2}){5,7}")
Additionals = Annotated[list[Additional], Meta(max_length=20)]
Messages = Annotated[list[Message], Meta(max_length=4)]
Places = Annotated[list[TokenPlace], Meta(max_length=500)]
Windows = Annotated[list[Window], Meta(max_length=50)]
ConnectorTypes = Annotated[list[ConnectorType], Meta(max_length=30)]


def plain(value: Any) -> Any:
    """Structs as JSON values, as the row has them; members without a value are left out."""
    made = to_builtins(value)
    if isinstance(made, list):
        return [_full(each, kept) for each, kept in zip(made, value, strict=True)]
    return _full(made, value)


def _full(made: Any, kept: Any) -> Any:
    return made | {"format": kept.format} if isinstance(kept, Message) else made


def check(columns: Mapping[str, Any]) -> None:
    """What no type says. Raises NotValid."""
    wrong: list[tuple[str, str]] = []
    if zone(columns["time_zone"]) is None:
        wrong.append(("/time_zone", "is no IANA time zone; write for example `Europe/Berlin`"))
    for number, place in enumerate(columns["places"]):
        if (place.get("station") is None) == (place.get("site") is None):
            wrong.append((f"/places/{number}", "name either `station` or `site`"))
    if columns["more_messages"] and columns["message"] is None:
        wrong.append(("/more_messages", "come beside `message`: give that first"))
    for number, message in enumerate(columns["more_messages"]):
        if not message.get("language"):
            wrong.append((f"/more_messages/{number}/language", "say in which language it is"))
    if columns["type"] == "NoAuthorization":
        wrong.append(("/type", "tokens of this type are empty: no token is made for them"))
    if columns["type"] == "MacAddress" and not _MAC.fullmatch(columns["uid"]):
        wrong.append(("/uid", "is no MAC address; write twelve hex digits, with or without colons"))
    if wrong:
        raise NotValid(wrong)
