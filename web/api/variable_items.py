"""Plans reading and writing of variables: pure. Items are grouped into messages that respect the station's limits, and
the station's answers are laid beside the items they belong to.

Items are those of OCPP as they stand: `component`, `variable`, `attributeType?`, `attributeValue` (2.x, B05 and B06) or
`key`, `value?` (1.6: GetConfiguration and ChangeConfiguration).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import attrs
import msgspec
from msgspec import Struct

from protocol.ocpp.version import Version
from web.validation import NotValid, Wrong, to_struct

Kind = Literal["read", "write"]
Item = dict[str, Any]

# Until the station has told its limit. 1.6 has no way to write more than one key at once.
_DEFAULT = {"GetVariables": 10, "SetVariables": 10, "GetConfiguration": 50, "ChangeConfiguration": 1}
_SETTING = {"GetVariables": "get_variables", "SetVariables": "set_variables", "GetConfiguration": "get_configuration"}
MOST_ITEMS = 2000


class Evse(Struct, forbid_unknown_fields=True):
    id: int
    connectorId: int | None = None  # noqa: N815 - OCPP's own name


class Component(Struct, forbid_unknown_fields=True):
    name: str
    instance: str | None = None
    evse: Evse | None = None


class Variable(Struct, forbid_unknown_fields=True):
    name: str
    instance: str | None = None


class Get2(Struct, forbid_unknown_fields=True):
    component: Component
    variable: Variable
    attributeType: Literal["Actual", "Target", "MinSet", "MaxSet"] | None = None  # noqa: N815


class Set2(Struct, forbid_unknown_fields=True):
    component: Component
    variable: Variable
    attributeValue: str  # noqa: N815
    attributeType: Literal["Actual", "Target", "MinSet", "MaxSet"] | None = None  # noqa: N815


class Get16(Struct, forbid_unknown_fields=True):
    key: str


class Set16(Struct, forbid_unknown_fields=True):
    key: str
    value: str


@attrs.frozen
class Message:
    """One message to send, and which items it holds."""

    action: str
    payload: dict[str, Any]
    items: Sequence[Item]


def check_items(items: Sequence[Any], kind: Kind, version: Version) -> None:
    """Raises NotValid, with every wrong item, when they are not those of the station's version."""
    wanted = _struct(kind, version)
    errors: list[Wrong] = []
    for index, item in enumerate(items):
        try:
            to_struct(item, wanted)
        except NotValid as wrong:
            errors += [(f"/items/{index}{path}", message) for path, message in wrong.errors]
    if not items and (kind == "write" or version.is_v2):
        errors = [("/items", "name at least one item; only reading from a 1.6 station takes an empty list: all keys")]
    if len(items) > MOST_ITEMS:
        errors = [("/items", f"at most {MOST_ITEMS} at once")]
    if errors:
        raise NotValid(errors)


def plan(
    items: Sequence[Item], kind: Kind, version: Version, told: Mapping[str, int], overrides: Mapping[str, int]
) -> list[Message]:
    """The messages to send, in order; each within the limit of the operator, else of the station, else our default."""
    action = _action(kind, version)
    size = overrides.get(_SETTING.get(action, "")) or told_limit(action, told) or _DEFAULT[action]
    if not items:
        return [Message(action, {}, [])]
    chunks = [items[start : start + size] for start in range(0, len(items), size)]
    return [Message(action, _payload(action, chunk), chunk) for chunk in chunks]


def told_limit(action: str, told: Mapping[str, int]) -> int | None:
    """The station's own: `GetConfigurationMaxKeys` (1.6), `ItemsPerMessage` of that instance (2.x, B05.FR.11)."""
    for name, number in told.items():
        if number < 1:
            continue
        if action == "GetConfiguration" and name == "GetConfigurationMaxKeys":
            return number
        if name == f"ItemsPerMessage{action}":
            return number
        if name.startswith("{"):
            variable = msgspec.json.decode(name)
            if (variable.get("name"), variable.get("instance")) == ("ItemsPerMessage", action):
                return number
    return None


def answered(message: Message, payload: Any) -> list[Item]:
    """The items of a message with `status` and `value` of the station's answer."""
    if message.action == "ChangeConfiguration":
        return [item | {"status": payload.get("status", "")} for item in _without_values(message.items)]
    if message.action == "GetConfiguration":
        return _configuration(message.items, payload)
    rows = payload.get("getVariableResult") or payload.get("setVariableResult") or []
    return _variables(message.items, rows)


def failed(message: Message, status: str, detail: str) -> list[Item]:
    """The items of a message that got no answer: `status` is that of the command, or `not_sent`."""
    return [item | {"status": status, "detail": detail} for item in _without_values(message.items)]


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
    """By component, variable and attribute, ignoring case as OCPP does; stations may answer in another order."""
    by_name = {_name(row): row for row in rows}
    result = []
    for item in _without_values(items):
        row = by_name.get(_name(item))
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


def _name(item: Any) -> str:
    parts = [_plain(item.get("component")), _plain(item.get("variable")), item.get("attributeType") or "Actual"]
    return msgspec.json.encode(parts, order="sorted").decode().casefold()


def _plain(part: Any) -> Any:
    return {name: value for name, value in part.items() if name != "customData"} if isinstance(part, dict) else part


def _without_values(items: Sequence[Item]) -> list[Item]:
    """What was written may be a secret: it is not said back."""
    return [{name: value for name, value in item.items() if name not in ("attributeValue", "value")} for item in items]


def _payload(action: str, items: Sequence[Item]) -> dict[str, Any]:
    if action == "GetConfiguration":
        return {"key": [item["key"] for item in items]}
    if action == "ChangeConfiguration":
        [item] = items
        return {"key": item["key"], "value": item["value"]}
    return {"getVariableData" if action == "GetVariables" else "setVariableData": list(items)}


def _action(kind: Kind, version: Version) -> str:
    if version.is_v2:
        return "GetVariables" if kind == "read" else "SetVariables"
    return "GetConfiguration" if kind == "read" else "ChangeConfiguration"


def _struct(kind: Kind, version: Version) -> type[Struct]:
    if version.is_v2:
        return Get2 if kind == "read" else Set2
    return Get16 if kind == "read" else Set16
