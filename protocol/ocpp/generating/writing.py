"""`model.Protocol` → the text of one generated module."""

import keyword
from collections.abc import Iterator

from protocol.ocpp.generating.model import Array, Enumeration, Field, Named, Protocol, Scalar, Struct, Type
from protocol.ocpp.generating.reading import CUSTOM_DATA

_HEADING = '''"""The messages of {title}, generated from its JSON Schemas.

Do not edit; change `protocol/ocpp/generating/` and run `python -m protocol.ocpp.generate`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from msgspec import UNSET, Meta, UnsetType{extra}

from protocol.ocpp.messages.base import {base}
'''

# A scheme, a colon, no blanks; the rest of RFC 3986 is left to whoever opens the address.
_URI = r"^[A-Za-z][A-Za-z0-9+.\-]*:\S*\Z"


def write(protocol: Protocol) -> str:
    """Python source, not yet formatted: enumerations, constrained scalars, structs, and the table of actions."""
    aliases: dict[str, str] = {}
    structs = [_struct(struct, aliases) for struct in _parts_first(protocol)]
    heading = _heading(protocol)
    lists = (f"{each.name} = Literal[{', '.join(map(_quoted, each.values))}]" for each in _sorted(protocol))
    shared = (f"{name} = {meaning}" for name, meaning in sorted(aliases.items()))
    rows = "\n".join(f'    "{each.name}": ({each.request}, {each.response}),' for each in protocol.actions)
    table = f"ACTIONS: Final[Mapping[str, tuple[type[Message], type[Message] | None]]] = {{\n{rows}\n}}"
    return "\n\n".join([heading, "\n".join(lists), "\n".join(shared), *structs, table]) + "\n"


def _heading(protocol: Protocol) -> str:
    parts = {part for struct in protocol.structs.values() for part in struct.parts()}
    fields = [field for struct in protocol.structs.values() for field in struct.fields]
    base = ["CustomDataType"] * (CUSTOM_DATA in parts) + ["Message"]
    base += ["require_tenths"] * any(_tenths(field) for field in fields)
    extra = ", field" * any(keyword.iskeyword(field.name) for field in fields)
    return _HEADING.format(title=protocol.title, base=", ".join(base), extra=extra)


def _sorted(protocol: Protocol) -> list[Enumeration]:
    return [protocol.enumerations[name] for name in sorted(protocol.enumerations)]


def _parts_first(protocol: Protocol) -> Iterator[Struct]:
    """Structs so that each follows what it uses; a circle would recurse for ever and OCPP has none."""
    done: set[str] = set()

    def visit(name: str) -> Iterator[Struct]:
        if name in done or name not in protocol.structs:
            return
        for part in protocol.structs[name].parts():
            yield from visit(part)
        done.add(name)
        yield protocol.structs[name]

    for name in sorted(protocol.structs):
        yield from visit(name)


def _struct(struct: Struct, aliases: dict[str, str]) -> str:
    head = f"class {struct.name}(Message, frozen=True, kw_only=True):"
    lines = [f"    {_field(field, aliases)}" for field in struct.fields]
    checks = [f'        require_tenths("{field.name}", self.{field.name})' for field in struct.fields if _tenths(field)]
    if checks:
        lines += ["", "    def __post_init__(self) -> None:", *checks]
    return "\n".join([head, *(lines or ["    pass"])])


def _field(field: Field, aliases: dict[str, str]) -> str:
    name = field.name
    kind = _type(field.type, aliases)
    default = "" if field.required else "UNSET"
    if keyword.iskeyword(name):
        default = f'field(name="{name}"{", default=UNSET" * (not field.required)})'
        name += "_"
    # `Any` already admits UNSET.
    optional = "" if field.required or kind == "Any" else " | UnsetType"
    return f"{name}: {kind}{optional}{' = ' * bool(default)}{default}"


def _tenths(field: Field) -> bool:
    return isinstance(field.type, Scalar) and field.type.tenths


def _type(kind: Type, aliases: dict[str, str]) -> str:
    if isinstance(kind, Named):
        return kind.name
    if isinstance(kind, Scalar):
        return _scalar(kind, aliases)
    return _array(kind, aliases)


def _array(kind: Array, aliases: dict[str, str]) -> str:
    plain = f"Sequence[{_type(kind.item, aliases)}]"
    limits = [f"min_length={kind.min_items}"] * bool(kind.min_items)
    limits += [f"max_length={kind.max_items}"] * (kind.max_items is not None)
    return f"Annotated[{plain}, Meta({', '.join(limits)})]" if limits else plain


def _scalar(kind: Scalar, aliases: dict[str, str]) -> str:
    """The name of a constrained scalar says its limits, so that a field reads without looking anything up."""
    name, meta = _NAMES[kind.kind], []
    if kind.kind == "datetime":
        meta.append("tz=True")
    if kind.kind == "uri":
        meta.append(f"pattern={_URI!r}")
    if kind.max_length is not None:
        name += str(kind.max_length)
        meta.append(f"max_length={kind.max_length}")
    if kind.minimum is not None:
        name += f"From{kind.minimum}"
        meta.append(f"ge={kind.minimum}")
    if kind.maximum is not None:
        name += f"To{kind.maximum}"
        meta.append(f"le={kind.maximum}")
    if not meta:
        return _PLAIN[kind.kind]
    aliases[name] = f"Annotated[{_PLAIN[kind.kind]}, Meta({', '.join(meta)})]"
    return name


def _quoted(text: str) -> str:
    return f'"{text}"'


_NAMES = {
    "str": "Text",
    "int": "Integer",
    "float": "Number",
    "bool": "Boolean",
    "datetime": "Timestamp",
    "uri": "Address",
    "any": "Anything",
}
_PLAIN = {
    "str": "str",
    "int": "int",
    "float": "float",
    "bool": "bool",
    "datetime": "datetime",
    "uri": "str",
    "any": "Any",
}
