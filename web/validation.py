"""Turns decoded JSON, or query parameters, into msgspec structs, and names every field that is wrong.

msgspec stops at the first wrong field. When it refuses, the value is walked once more, field by field.
"""

import re
from collections.abc import Mapping
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import Struct

S = TypeVar("S", bound=Struct)
Wrong = tuple[str, str]  # (JSON pointer, message)

_AT = re.compile(r" - at (?:key in )?`\$(?P<path>[^`]*)`$")
_MOST = 100  # wrong fields named at most


class NotValid(Exception):  # noqa: N818 - an answer to the caller
    """The value does not fit; `errors` has (JSON pointer, message) for each wrong field."""

    def __init__(self, errors: list[Wrong]) -> None:
        super().__init__("; ".join(f"{path or '/'}: {message}" for path, message in errors))
        self.errors = errors


def to_struct(value: Any, kind: type[S], *, strict: bool = True) -> S:
    """`value` as `kind`; raises NotValid. Without `strict`, texts stand for numbers and booleans (query parameters)."""
    errors = [(path, "must not contain the character U+0000") for path in nul_paths(value)]
    if not errors:
        try:
            return msgspec.convert(value, kind, strict=strict)
        except msgspec.ValidationError as error:
            errors = all_wrong(value, kind, "", strict) or [_wrong(error, "")]
    raise NotValid(errors[:_MOST])


def all_wrong(value: Any, kind: Any, pointer: str, strict: bool) -> list[Wrong]:
    """Every wrong field of `value` as far as structs, lists and dicts of structs go; the first one in anything else."""
    struct = _struct_of(kind)
    if struct is not None and isinstance(value, dict):
        return _wrong_members(value, struct, pointer, strict)
    if get_origin(kind) is list and isinstance(value, list) and _struct_of(get_args(kind)[0]) is not None:
        item_kind = get_args(kind)[0]
        found = [
            wrong
            for index, item in enumerate(value)
            for wrong in all_wrong(item, item_kind, f"{pointer}/{index}", strict)
        ]
        if found:
            return found
    try:
        msgspec.convert(value, kind, strict=strict)
    except msgspec.ValidationError as error:
        at, message = _wrong(error, pointer)
        if at == pointer and message.startswith("Invalid enum value") and (allowed := _choices(kind)):
            message += f"; allowed are {', '.join(allowed)}"
        return [(at, message)]
    return []


def _choices(kind: Any) -> list[str]:
    """The values of the Literal that `kind` is or holds."""
    if get_origin(kind) is Literal:
        return [str(value) for value in get_args(kind)]
    return [choice for part in get_args(kind) for choice in _choices(part)]


def _wrong_members(value: Mapping[str, Any], kind: type[Struct], pointer: str, strict: bool) -> list[Wrong]:
    wrong: list[Wrong] = []
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name, member in value.items():
        at = f"{pointer}/{escape(name)}"
        field = fields.get(name)
        if field is not None:
            wrong += all_wrong(member, field.type, at, strict)
        elif kind.__struct_config__.forbid_unknown_fields:
            wrong.append((at, f"is not known here; known are {', '.join(fields)}"))
    missing = [name for name, field in fields.items() if field.required and name not in value]
    return wrong + [(f"{pointer}/{escape(name)}", "is required") for name in missing]


def _struct_of(kind: Any) -> type[Struct] | None:
    """The struct that `kind` is, or is when it is an object (`ItemsPerMessage | None`)."""
    options = [each for each in (kind, *get_args(kind)) if isinstance(each, type) and issubclass(each, Struct)]
    return options[0] if options and get_origin(kind) in (None, Union, UnionType) else None


def _wrong(error: msgspec.ValidationError, pointer: str) -> Wrong:
    """msgspec's own message (``Expected `int`, got `str` - at `$.a[0]` ``) as a pointer and a message."""
    text = str(error)
    found = _AT.search(text)
    if found is None:
        return pointer, text
    parts = re.findall(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]", found["path"])
    tail = "".join(f"/{escape(name or index)}" for name, index in parts)
    return pointer + tail, text[: found.start()]


def escape(name: str) -> str:
    """A member's name inside a JSON pointer (RFC 6901, 3)."""
    return name.replace("~", "~0").replace("/", "~1")


def nul_paths(value: Any, pointer: str = "") -> list[str]:
    """Where U+0000 stands in a text: PostgreSQL keeps no such text, and no name or address needs one."""
    if isinstance(value, str):
        return [pointer] if "\x00" in value else []
    if isinstance(value, dict):
        return [
            path
            for name, member in value.items()
            for path in ([pointer] if "\x00" in name else nul_paths(member, f"{pointer}/{escape(name)}"))
        ]
    if isinstance(value, list):
        return [path for index, item in enumerate(value) for path in nul_paths(item, f"{pointer}/{index}")]
    return []
