"""Goes through one payload along its message type and puts right what does not fit; every change is recorded.

The result is plain JSON values again: the ordinary decoder has the last word on them.
"""

import functools
import re
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Final

import msgspec
from msgspec import inspect

from protocol.ocpp.events import Repair
from protocol.ocpp.messages.base import VENDOR_ID_LENGTH
from protocol.ocpp.messages.problems import below
from protocol.ocpp.repair import scalars, shapes, tables, times
from protocol.ocpp.repair.record import plain, written
from protocol.ocpp.version import Version

MOST_REPAIRS: Final = 100
"""Repairs that are recorded for one frame; the rest is only counted."""

_RIGHT_TIME: Final = Annotated[datetime, msgspec.Meta(tz=True)]
_NOT_LETTERS: Final = re.compile(r"[\s._\-/]+")


class _Unusable:
    """Says: nothing can be made of this value."""


_UNUSABLE: Final = _Unusable()


def squeezed(text: str) -> str:
    """A name as spellings are compared: without case, blanks and punctuation."""
    return _NOT_LETTERS.sub("", text.replace("\x00", "")).lower()


@functools.cache
def _shape(kind: type[msgspec.Struct]) -> inspect.StructType:
    shape = inspect.type_info(kind)
    if not isinstance(shape, inspect.StructType):
        raise TypeError(f"{kind} is no message")
    return shape


class Walk:
    """One payload's repair. `repairs` is what was done; `emptied`: required lists of which no item could be used."""

    def __init__(self, version: Version, action: str, *, response: bool) -> None:
        self.repairs: list[Repair] = []
        self.emptied: list[str] = []
        self._version = version
        self._action = action
        self._asks = not response
        self._money = not response and action in tables.MONEY

    def message(self, kind: type[msgspec.Struct], value: Any) -> Any:
        """The payload as it should have been; what cannot be put right stays as it is."""
        if value is None or value == "" or value == []:
            self._note("payload_empty", "", value, {})
            value = {}
        moved = shapes.reshaped(self._action, value) if self._asks and self._version.is_v2 else None
        if moved is not None:
            self._note(shapes.CODE, "", value, moved)
            value = moved
        mended = self._object(_shape(kind), value, "", "")
        return value if mended is _UNUSABLE else mended

    def _note(self, code: str, path: str, before: Any, after: Any = None, *, gone: bool = False) -> None:
        if len(self.repairs) < MOST_REPAIRS:
            self.repairs.append(Repair(code, path, written(before), "" if gone else written(after)))
        elif len(self.repairs) == MOST_REPAIRS:
            self.repairs.append(Repair("more_repairs", ""))

    # Objects

    def _object(self, shape: inspect.StructType, value: Any, path: str, pattern: str) -> Any:
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
            self._note("list_unwrapped", path, value, value[0])
            value = value[0]
        if not isinstance(value, dict):
            return _UNUSABLE
        fields = {field.encode_name: field for field in shape.fields}
        sample = shape.cls.__name__ in tables.SAMPLES
        given = self._named(fields, value, path)
        if sample:
            self._scale(fields, given, path)
        mended: dict[str, Any] = {}
        for name, field in fields.items():
            part = self._field(field, given.get(name, _UNUSABLE), below(path, name), f"{pattern}/{name}", name in given)
            if part is not _UNUSABLE:
                mended[name] = part
            elif field.required or (sample and name in tables.DECIDING and not _says_nothing(field, given.get(name))):
                return self._hopeless(mended, given, path)
            elif name in given and not self._asks and given[name] is not None:
                mended[name] = given[name]
        return mended

    def _hopeless(self, mended: dict[str, Any], given: dict[str, Any], path: str) -> Any:
        """An object of which a part that counts cannot be used: left out where that is recorded, else left to fail."""
        if path and self._money:
            return _UNUSABLE
        return {**given, **mended}

    def _named(self, fields: dict[str, inspect.Field], value: dict[str, Any], path: str) -> dict[str, Any]:
        """The members under their right names; those that the type does not have are left out."""
        given = {name: value[name] for name in fields if name in value}
        by_squeezed = {squeezed(name): name for name in fields}
        for name, part in value.items():
            if name in fields:
                continue
            if name == "unit" and "unitOfMeasure" in fields and "unitOfMeasure" not in value:
                given["unitOfMeasure"] = {"unit": part}
                self._note("unit_moved", below(path, name), part, given["unitOfMeasure"])
                continue
            meant = by_squeezed.get(squeezed(name))
            if meant is None or meant in given:
                self._note("field_dropped", below(path, name), part, gone=True)
            else:
                given[meant] = part
                self._note("field_renamed", below(path, meant), name, meant)
        return given

    def _scale(self, fields: dict[str, inspect.Field], given: dict[str, Any], path: str) -> None:
        """Units that the version does not have, by a power of ten (MWh → kWh)."""
        unit = given.get("unit")
        if "unit" not in fields or not isinstance(unit, str) or squeezed(unit) not in tables.SCALED:
            return
        power, known = tables.SCALED[squeezed(unit)]
        number = scalars.number(given.get("value"))
        if number is not None:
            scaled = format(number.scaleb(power), "f")
            self._note("unit_scaled", path, {"value": given["value"], "unit": unit}, {"value": scaled, "unit": known})
            given["value"], given["unit"] = scaled, known

    def _field(self, field: inspect.Field, value: Any, path: str, pattern: str, present: bool) -> Any:
        """The field's value, or _UNUSABLE when it is absent, left out or beyond repair."""
        if present:
            empty = _says_nothing(field, value)
            mended = _UNUSABLE if empty else self._value(field.type, value, path, pattern)
            if mended is not _UNUSABLE:
                return mended
            if not field.required:
                if empty or self._asks:
                    self._note("value_dropped", path, value, gone=True)
                return _UNUSABLE
        elif not field.required:
            return _UNUSABLE
        filling = self._filling(field, pattern, wrong=present and value is not None)
        if filling is None:
            return _UNUSABLE
        self._note("value_filled", path, value if present else None, filling)
        return filling

    def _filling(self, field: inspect.Field, pattern: str, *, wrong: bool) -> Any:
        """What stands for a required value that cannot be had; None: the message must be refused.

        A value of the wrong kind is only replaced where money depends on it; a time is always just a claim.
        """
        if not self._asks:
            return None
        if wrong and isinstance(field.type, inspect.DateTimeType):
            return times.NO_TIME
        return None if wrong and not self._money else tables.FILLED.get((self._action, pattern))

    # Values

    def _value(self, shape: inspect.Type, value: Any, path: str, pattern: str) -> Any:
        match shape:
            case inspect.StructType():
                return self._object(shape, value, path, pattern)
            case inspect.CollectionType():
                return self._list(shape, value, path, pattern)
            case inspect.LiteralType():
                return self._choice(shape, value, path)
            case inspect.StrType():
                return self._text(shape, value, path)
            case inspect.DateTimeType():
                return self._time(value, path)
            case inspect.IntType() | inspect.FloatType() | inspect.BoolType():
                return self._scalar(shape, value, path)
            case inspect.CustomType():
                return self._custom_data(value, path)
        cleaned = plain(value)
        if cleaned != value:
            self._note("nul_removed", path, value, cleaned)
        return cleaned

    def _list(self, shape: inspect.CollectionType, value: Any, path: str, pattern: str) -> Any:
        if not isinstance(value, list):
            if value == "" or (isinstance(value, str) and not isinstance(shape.item_type, inspect.StrType)):
                return _UNUSABLE
            self._note("list_wrapped", path, value, [value])
            value = [value]
        mended = []
        for index, item in enumerate(value):
            place = f"{path}/{index}"
            part = _UNUSABLE if item is None else self._value(shape.item_type, item, place, f"{pattern}/*")
            if part is not _UNUSABLE:
                mended.append(part)
            elif item is None or self._money:
                self._note("item_dropped", place, item, gone=True)
            else:
                mended.append(item)
        if len(mended) >= (shape.min_length or 0):
            return mended
        if self._money and pattern == "/meterValue" and self._action == "MeterValues":
            self._note("list_emptied", path, value, [])
            self.emptied.append("meterValue")
            return [_stand_in(self._version)]
        return _UNUSABLE

    def _choice(self, shape: inspect.LiteralType, value: Any, path: str) -> Any:
        if value in shape.values:
            return value
        name = path.rsplit("/", 1)[-1]
        text = value if isinstance(value, str) else scalars.to_text(value)[0]
        found = next((known for known in shape.values if squeezed(str(known)) == squeezed(text)), None)
        meant = tables.MEANT.get(name, {})
        found = found or meant.get(text.strip().lower()) or meant.get(squeezed(text))
        if found in shape.values:
            self._note("value_spelled", path, value, found)
            return found
        nearest = tables.NEAREST.get((self._action, name)) if self._asks else None
        if nearest not in shape.values:
            return _UNUSABLE
        self._note("value_unknown", path, value, nearest)
        return nearest

    def _text(self, shape: inspect.StrType, value: Any, path: str) -> str:
        text = value
        if not isinstance(text, str):
            text, code = scalars.to_text(plain(value))
            self._note(code, path, value, text)
        if "\x00" in text:
            bare = plain(text)
            self._note("nul_removed", path, text, bare)
            text = bare
        if shape.max_length is not None and len(text) > shape.max_length:
            short, code = scalars.shortened(text, shape.max_length)
            self._note(code, path, text, short)
            text = short
        return str(text)

    def _time(self, value: Any, path: str) -> Any:
        try:
            msgspec.convert(value, _RIGHT_TIME)
        except msgspec.ValidationError:
            pass
        else:
            return value
        read = times.read(value)
        if read is None:
            return _UNUSABLE
        self._note(read[1], path, value, read[0])
        return read[0]

    def _scalar(self, shape: inspect.IntType | inspect.FloatType | inspect.BoolType, value: Any, path: str) -> Any:
        is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        read: tuple[Any, str] | None
        if isinstance(shape, inspect.BoolType):
            fits, read = isinstance(value, bool), scalars.to_bool(value)
        elif isinstance(shape, inspect.FloatType):
            fits, read = is_number, scalars.to_float(value)
        else:
            fits, read = isinstance(value, int) and is_number, scalars.to_int(value)
        if fits:
            return value
        if read is None:
            return _UNUSABLE
        self._note(read[1], path, value, read[0])
        return read[0]

    def _custom_data(self, value: Any, path: str) -> Any:
        if not isinstance(value, dict):
            return _UNUSABLE
        cleaned = plain(value)
        if cleaned != value:
            self._note("nul_removed", path, value, cleaned)
        vendor = cleaned.get("vendorId")
        if not isinstance(vendor, str) or len(vendor) > VENDOR_ID_LENGTH:
            text = "" if vendor is None else str(vendor)[:VENDOR_ID_LENGTH]
            self._note("value_filled" if vendor is None else "text_cut", below(path, "vendorId"), vendor, text)
            cleaned = {**cleaned, "vendorId": text}
        return cleaned


def _says_nothing(field: inspect.Field, value: Any) -> bool:
    """Null, or empty in a way that only a text may be: an optional field without content is to be left out."""
    if value is None or field.required:
        return value is None
    if isinstance(value, str):
        return not value.strip("\x00 ") and not isinstance(field.type, inspect.StrType | inspect.AnyType)
    return value == [] and isinstance(field.type, inspect.CollectionType) and bool(field.type.min_length)


def _stand_in(version: Version) -> dict[str, Any]:
    """Satisfies the type until the emptied list takes its place."""
    return {"timestamp": times.NO_TIME, "sampledValue": [{"value": 0 if version.is_v2 else "0"}]}
