"""Every problem of a payload, not only the first: for people who write payloads by hand."""

import types
import typing
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Annotated, Any, Literal

import msgspec

from protocol.ocpp.messages.base import Message, decode_custom_data
from protocol.ocpp.messages.encoding import encode_value
from protocol.ocpp.messages.problems import FieldProblem, below, printable, problem

# Beyond this a list helps nobody.
MOST_PROBLEMS = 50


def check_payload(kind: type[msgspec.Struct], payload: object) -> list[FieldProblem]:
    """What keeps plain JSON values from being a `kind`; empty exactly when its decoder accepts them."""
    try:
        text = encode_value(payload)
    except (TypeError, ValueError, RecursionError) as error:
        return [FieldProblem("", "format", printable(f"cannot be written as JSON: {error}"))]
    first = _first_problem(text, kind)
    if first is None:
        return []
    return list(islice(_walk(kind, msgspec.json.decode(text), ""), MOST_PROBLEMS)) or [first]


def _first_problem(text: bytes, kind: Any) -> FieldProblem | None:
    try:
        msgspec.json.decode(text, type=kind, dec_hook=decode_custom_data)
    except msgspec.ValidationError as error:
        return problem(error)
    return None


def _walk(kind: Any, value: object, place: str) -> Iterator[FieldProblem]:
    """Problems of the parts; those of the whole only when the parts have none."""
    found = False
    for each in _parts(kind, value, place):
        found = True
        yield each
    if found:
        return
    own = _first_problem(encode_value(value), kind)
    if own is not None:
        yield FieldProblem(place + own.path, own.kind, _with_choices(own, kind, value))


def _parts(kind: Any, value: object, place: str) -> Iterator[FieldProblem]:
    plain = _plain(kind)
    if isinstance(plain, type) and issubclass(plain, Message) and isinstance(value, dict):
        yield from _fields(plain, value, place)
    elif typing.get_origin(plain) is Sequence and isinstance(value, list):
        (item,) = typing.get_args(plain)
        for index, part in enumerate(value):
            yield from _walk(item, part, f"{place}/{index}")


def _fields(kind: type[Message], value: dict[str, object], place: str) -> Iterator[FieldProblem]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name, field in fields.items():
        if name in value:
            yield from _walk(field.type, value[name], below(place, name))
        elif field.required:
            yield FieldProblem(below(place, name), "missing", f"`{name}` is required")
    for name in value.keys() - fields.keys():
        message = f"`{printable(name, 100)}` is not a field of {kind.__name__}"
        yield FieldProblem(below(place, name), "unknown", message)


def _plain(kind: Any) -> Any:
    """A type without its limits and without UNSET."""
    if typing.get_origin(kind) is Annotated:
        return _plain(typing.get_args(kind)[0])
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        (other,) = (part for part in typing.get_args(kind) if part is not msgspec.UnsetType)
        return _plain(other)
    return kind


def _with_choices(own: FieldProblem, kind: Any, value: object) -> str:
    plain = _plain(kind)
    if own.kind == "constraint" and typing.get_origin(plain) is Literal:
        return f"{printable(repr(value), 60)} is not one of {', '.join(typing.get_args(plain))}"
    return own.message
