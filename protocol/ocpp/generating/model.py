"""What the generator knows about a version's messages, between reading the schemas and writing Python."""

from collections.abc import Iterator, Mapping
from typing import Literal

import attrs

ScalarKind = Literal["str", "int", "float", "bool", "datetime", "uri", "any"]


@attrs.frozen
class Scalar:
    """A value without parts. `tenths` stands for `multipleOf: 0.1`."""

    kind: ScalarKind
    max_length: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    tenths: bool = False


@attrs.frozen
class Named:
    """A reference to a struct, an enumeration or the custom data class."""

    name: str


@attrs.frozen
class Array:
    """A list with its number of items."""

    item: "Type"
    min_items: int | None = None
    max_items: int | None = None


Type = Scalar | Named | Array


@attrs.frozen
class Field:
    """One property of an object."""

    name: str
    type: Type
    required: bool


@attrs.frozen
class Struct:
    """An object whose properties are all known."""

    name: str
    fields: tuple[Field, ...]

    def parts(self) -> Iterator[str]:
        """The names of the types its fields use."""
        for field in self.fields:
            inner = field.type
            while isinstance(inner, Array):
                inner = inner.item
            if isinstance(inner, Named):
                yield inner.name


@attrs.frozen
class Enumeration:
    """A closed list of texts."""

    name: str
    values: tuple[str, ...]


@attrs.frozen
class Action:
    """An action with the names of its structs; `response` is None for a SEND."""

    name: str
    request: str
    response: str | None


@attrs.frozen
class Protocol:
    """All messages of one version, structs in an order in which each comes after its parts."""

    title: str
    enumerations: Mapping[str, Enumeration]
    structs: Mapping[str, Struct]
    actions: tuple[Action, ...]
