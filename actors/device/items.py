"""Variables of 2.x and keys of 1.6 in one model: how an item is named, and what is known of it. Pure.

Items are those of OCPP as they stand: `component`, `variable`, `attributeType?`, `attributeValue` (2.x, B05 and B06) or
`key`, `value?` (1.6: GetConfiguration and ChangeConfiguration). Names compare ignoring case, as OCPP does.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from protocol.redact import redact_payload

Item = dict[str, Any]
_canonical = msgspec.json.Encoder(order="sorted").encode


def name_of(item: Mapping[str, Any]) -> str:
    """A name that is the same for the same variable and attribute, however it is spelled."""
    if "key" in item:
        return str(item["key"]).casefold()
    parts = [plain(item.get("component")), plain(item.get("variable")), item.get("attributeType") or "Actual"]
    return _canonical(parts).decode().casefold()


def plain(part: Any) -> Any:
    """A component or variable without what is not part of its name."""
    return {name: value for name, value in part.items() if name != "customData"} if isinstance(part, dict) else part


def known_name(component: str, variable: str, attribute_type: str) -> str:
    """`name_of` of a row of table variables: its component and variable are JSON texts, or '' and a key."""
    if component == "":
        return variable.casefold()
    parts = [plain(msgspec.json.decode(component)), plain(msgspec.json.decode(variable)), attribute_type]
    return _canonical(parts).decode().casefold()


def mutability_of(detail: Mapping[str, Any]) -> str | None:
    """ReadOnly, WriteOnly or ReadWrite, in the words of 2.x for 1.6 keys too; None when it was not told."""
    told = detail.get("mutability")
    if isinstance(told, str):
        return told
    readonly = detail.get("readonly")
    if isinstance(readonly, bool):
        return "ReadOnly" if readonly else "ReadWrite"
    return None


def without_values(item: Mapping[str, Any]) -> Item:
    """What was written may be a secret: it is not said back."""
    return {name: value for name, value in item.items() if name not in ("attributeValue", "value")}


def shown_value(item: Mapping[str, Any], value: str | None) -> str | None:
    """The value, hidden where the item's name, or the value itself, says that it is a secret."""
    if value is None:
        return None
    action = "ChangeConfiguration" if "key" in item else "NotifyReport"
    cleaned: Any = redact_payload(action, dict(item) | {"value": value}, answer=False)
    told: str = cleaned["value"]
    return told
