"""Checks the items that an operator names to read and write; `actors/device/chunks.py` makes messages of them."""

from collections.abc import Sequence
from typing import Any, Literal

from msgspec import Struct

from actors.device.chunks import Kind, Message, answered, failed, plan, told_limit
from protocol.ocpp.version import Version
from web.validation import NotValid, Wrong, to_struct

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


def check_slots(items: Sequence[Any], in_use: Sequence[str]) -> None:
    """Raises NotValid for a value of a network slot that the station may be using (OCPP 2.1 Part 2, B09.FR.21)."""
    errors: list[Wrong] = []
    for index, item in enumerate(items):
        component = item.get("component") or {}
        if str(component.get("name")).casefold() == "networkconfiguration" and component.get("instance") in in_use:
            slot = component["instance"]
            told = f"slot {slot} is one that the station tries: take it out of NetworkConfigurationPriority first"
            errors.append((f"/items/{index}/component/instance", told))
    if errors:
        raise NotValid(errors)


def _struct(kind: Kind, version: Version) -> type[Struct]:
    if version.is_v2:
        return Get2 if kind == "read" else Set2
    return Get16 if kind == "read" else Set16


__all__ = ["Kind", "Message", "answered", "check_items", "check_slots", "failed", "plan", "told_limit"]
