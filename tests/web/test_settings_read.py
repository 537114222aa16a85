"""Every setting of a station that code reads can be set, and every one that can be set is read somewhere."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from actors.device.chunks import SETTINGS
from web.api.bodies.security import StationSecurityPatch
from web.api.known_settings import BootSettings, ItemsPerMessage, ModelSettings, StationSettings

_ROOT = Path(__file__).parents[2]
_NAMES = ("settings", "habits", "own", "merged")  # how a station's settings are called where they are read
_ITEMS = "items_per_message"
_KEPT_BY_US = {"forwarded", "moving_to"}  # set with the station's forwards, and on its way to another profile


@cache
def _trees() -> list[ast.Module]:
    files = (path for folder in ("actors", "gateway", "web", "storage") for path in (_ROOT / folder).rglob("*.py"))
    return [ast.parse(path.read_text()) for path in sorted(files)]


def _read(names: tuple[str, ...]) -> set[str]:
    return {key for tree in _trees() for receiver, key in _lookups(tree) if _called(receiver, names)}


def _lookups(tree: ast.Module) -> Iterator[tuple[ast.expr, str]]:
    """`x.get("key", …)`, `x["key"]` and `"key" in x`; keys that go through a list are found in that list."""
    loops = {
        each.target.id: each.iter for each in ast.walk(tree)
        if isinstance(each, ast.comprehension) and isinstance(each.target, ast.Name)
    }  # fmt: skip
    places = loops | _constants(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", None) == "get" and node.args:
            assert isinstance(node.func, ast.Attribute)
            pair = node.func.value, node.args[0]
        elif isinstance(node, ast.Subscript):
            pair = node.value, node.slice
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In):
            pair = node.comparators[0], node.left
        else:
            continue
        for key in _keys(pair[1], places):
            yield pair[0], key


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    """What names of the module stand for."""
    found: dict[str, ast.expr] = {}
    for each in tree.body:
        target = each.targets[0] if isinstance(each, ast.Assign) else getattr(each, "target", None)
        value = getattr(each, "value", None)
        if isinstance(target, ast.Name) and isinstance(value, ast.Constant):
            found[target.id] = value
    return found


def _keys(key: ast.expr, places: dict[str, ast.expr]) -> Iterator[str]:
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        yield key.value
    elif isinstance(key, ast.Name) and key.id in places:
        yield from _keys(places[key.id], {})
    elif isinstance(key, ast.Tuple):
        for each in key.elts:
            yield from _keys(each, {})


def _called(receiver: ast.expr, names: tuple[str, ...]) -> bool:
    if isinstance(receiver, ast.BoolOp):  # (settings.get("items_per_message") or {}).get(…)
        return any(_called(each, names) for each in receiver.values)
    if isinstance(receiver, ast.Call) and isinstance(receiver.func, ast.Attribute) and receiver.func.attr == "get":
        first = receiver.args[0]
        return isinstance(first, ast.Constant) and first.value in names
    return getattr(receiver, "id", getattr(receiver, "attr", None)) in names


def test_what_is_read_can_be_set_and_what_can_be_set_is_read() -> None:
    structs = (StationSettings, ModelSettings, BootSettings, StationSecurityPatch)
    declared = {name for struct in structs for name in struct.__struct_fields__}
    read = _read(_NAMES)
    assert read - declared - _KEPT_BY_US == set()
    settable = {name for struct in structs[:3] for name in struct.__struct_fields__}
    assert settable - read == set()


def test_items_per_message_is_settable_for_every_message_that_reads_it() -> None:
    declared = set(ItemsPerMessage.__struct_fields__)
    assert _read((_ITEMS,)) | set(SETTINGS.values()) == declared
