"""Plans reading and writing of variables: items are grouped into messages that respect the station's limits, and its
answers are laid beside the items they belong to. Pure.

Limits: items a message (OCPP 2.0.1 Part 2, B05.FR.11, B06.FR.05; 2.1 B08.FR.06; 1.6 GetConfigurationMaxKeys) and bytes
a message (BytesPerMessage). The operator's own limit goes before the station's, that before our default.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal

import attrs
import msgspec

from actors.device.items import Item, name_of, without_values
from protocol.ocpp.version import Version

Kind = Literal["read", "write"]

# Until the station has told its limit. 1.6 has no way to write more than one key at once.
_DEFAULT: Final = {
    "GetVariables": 10, "SetVariables": 10, "GetReport": 10, "GetConfiguration": 50, "ChangeConfiguration": 1,
}  # fmt: skip
SETTINGS: Final = {
    "GetVariables": "get_variables", "SetVariables": "set_variables", "GetReport": "get_report",
    "GetConfiguration": "get_configuration",
}  # fmt: skip
_FRAME: Final = 110
"""Bytes of a frame around its payload: type, a message id of 36 characters, the action, brackets and commas."""


@attrs.frozen
class Message:
    """One message to send, and which items it holds."""

    action: str
    payload: dict[str, Any]
    items: Sequence[Item]


def action_for(kind: Kind, version: Version) -> str:
    if version.is_v2:
        return "GetVariables" if kind == "read" else "SetVariables"
    return "GetConfiguration" if kind == "read" else "ChangeConfiguration"


def plan(
    items: Sequence[Item], kind: Kind, version: Version, told: Mapping[str, int], overrides: Mapping[str, int]
) -> list[Message]:
    """The messages to send, in order; each within the limit of the operator, else of the station, else our default."""
    action = action_for(kind, version)
    if not items:
        return [Message(action, {}, [])]
    most = items_limit(action, told, overrides)
    size = told_limit(action, told, "BytesPerMessage")
    return [Message(action, _payload(action, chunk), chunk) for chunk in _chunks(action, items, most, size)]


def items_limit(action: str, told: Mapping[str, int], overrides: Mapping[str, int]) -> int:
    """How many items of that action fit into one message."""
    if action == "ChangeConfiguration":
        return 1
    return overrides.get(SETTINGS[action]) or told_limit(action, told) or _DEFAULT[action]


def reports(
    arguments: Mapping[str, Any], told: Mapping[str, int], overrides: Mapping[str, int]
) -> list[dict[str, Any]]:
    """The command `report` as commands that each fit into one GetReport (B08.FR.06); one at least."""
    named = list(arguments.get("components") or ())
    most = items_limit("GetReport", told, overrides)
    if len(named) <= most:
        return [dict(arguments)]
    return [{**arguments, "components": named[first : first + most]} for first in range(0, len(named), most)]


def clearings(monitors: Sequence[int], told: Mapping[str, int]) -> list[list[int]]:
    """Ids of monitors as lists that each fit into one ClearVariableMonitoring (N06.FR.04); one at least."""
    action = "ClearVariableMonitoring"
    most = told_limit(action, told) or len(monitors)
    size = told_limit(action, told, "BytesPerMessage")
    found: list[list[int]] = [[]]
    length = _FRAME
    for monitor in monitors:
        long = len(str(monitor)) + 1
        if found[-1] and (len(found[-1]) >= most or (size is not None and length + long > size)):
            found.append([])
            length = _FRAME
        found[-1].append(monitor)
        length += long
    return found


def _chunks(action: str, items: Sequence[Item], most: int, size: int | None) -> Iterator[list[Item]]:
    """In order. No variable twice in one message (B05.FR.13); one item alone goes whatever its size."""
    chunk: list[Item] = []
    names: set[str] = set()
    length = _FRAME
    for item in items:
        name, long = name_of(item), len(msgspec.json.encode(_sent(action, item))) + 1
        full = len(chunk) >= most or name in names or (size is not None and length + long > size)
        if chunk and full:
            yield chunk
            chunk, names, length = [], set(), _FRAME
        chunk.append(item)
        names.add(name)
        length += long
    yield chunk


def _sent(action: str, item: Item) -> Any:
    return item["key"] if action == "GetConfiguration" else item


def told_limit(action: str, told: Mapping[str, int], limit: str = "ItemsPerMessage") -> int | None:
    """The station's own: `GetConfigurationMaxKeys` (1.6), or `limit` of that action as instance (2.x)."""
    for name, number in told.items():
        if number < 1:
            continue
        if action == "GetConfiguration" and limit == "ItemsPerMessage" and name == "GetConfigurationMaxKeys":
            return number
        if name == f"{limit}{action}":
            return number
        if name.startswith("{"):
            variable = msgspec.json.decode(name)
            if (variable.get("name"), variable.get("instance")) == (limit, action):
                return number
    return None


def answered(message: Message, payload: Any) -> list[Item]:
    """The items of a message with `status` and `value` of the station's answer."""
    if message.action == "ChangeConfiguration":
        return [without_values(item) | {"status": payload.get("status", "")} for item in message.items]
    if message.action == "GetConfiguration":
        return _configuration(message.items, payload)
    rows = payload.get("getVariableResult") or payload.get("setVariableResult") or []
    return _variables(message.items, rows)


def failed(message: Message, status: str, detail: str) -> list[Item]:
    """The items of a message that got no answer: `status` is that of the command, or `not_sent`."""
    return [without_values(item) | {"status": status, "detail": detail} for item in message.items]


def _configuration(items: Sequence[Item], payload: Any) -> list[Item]:
    found = {row["key"].casefold(): row for row in payload.get("configurationKey") or []}
    unknown = {key.casefold() for key in payload.get("unknownKey") or []}
    if not items:  # all of them
        return [_configuration_item(row) for row in found.values()]
    result = []
    for item in items:
        row = found.get(item["key"].casefold())
        if row is not None:
            result.append(_configuration_item(row))
        else:
            result.append(item | {"status": "UnknownKey" if item["key"].casefold() in unknown else "NotAnswered"})
    return result


def _configuration_item(row: Any) -> Item:
    return {"key": row["key"], "status": "Accepted", "value": row.get("value"), "readonly": row.get("readonly")}


def _variables(items: Sequence[Item], rows: Sequence[Any]) -> list[Item]:
    """By component, variable and attribute; stations may answer in another order."""
    by_name = {name_of(row): row for row in rows}
    result = []
    for item in map(without_values, items):
        row = by_name.get(name_of(item))
        if row is None:
            result.append(item | {"status": "NotAnswered"})
            continue
        answer = item | {"status": row.get("attributeStatus")}
        if "attributeValue" in row:
            answer["value"] = row["attributeValue"]
        if row.get("attributeStatusInfo"):
            answer["detail"] = row["attributeStatusInfo"]
        result.append(answer)
    return result


def _payload(action: str, items: Sequence[Item]) -> dict[str, Any]:
    if action == "GetConfiguration":
        return {"key": [item["key"] for item in items]}
    if action == "ChangeConfiguration":
        [item] = items
        return {"key": item["key"], "value": item["value"]}
    return {"getVariableData" if action == "GetVariables" else "setVariableData": list(items)}
