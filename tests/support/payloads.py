"""OCPP payloads made from the JSON Schemas themselves: valid ones, and ones changed in one place.

Knows nothing of the generated messages, so that both can be compared. Everything comes from the `random.Random` given.
"""

import copy
import json
from collections.abc import Iterator
from random import Random
from typing import Any

import attrs

Schema = dict[str, Any]
Path = tuple[str | int, ...]

TIMES = ("2013-02-01T20:53:32.486Z", "2026-11-22T00:00:00.000Z", "1970-01-01T00:00:00.001Z", "2024-02-29T23:59:59.999Z")
TEXTS = ("", "a", "Wh", "0", "null", "zurück", "充电", "🔌", 'quote " and \\', "line\nbreak", "\u0000", "1.5e3")
ANYTHING: tuple[object, ...] = (None, True, 0, -7, 1.5, "text", [], [1, [2]], {}, {"a": {"b": None}})

# Labels of changes to a time or an address; the test's table of differences refers to them.
ODD_TIMES = {
    "time with an offset": "2013-02-01T20:53:32+02:00",
    "time without fraction": "2013-02-01T20:53:32Z",
    "time in lower case": "2013-02-01t20:53:32.4z",
    "time with nanoseconds": "2013-02-01T20:53:32.123456789Z",
    "time with a blank for the T": "2013-02-01 20:53:32Z",
    "time with +0200": "2013-02-01T20:53:32+0200",
    "time with +02": "2013-02-01T20:53:32+02",
    "time without offset": "2013-02-01T20:53:32",
    "time of a leap second": "2016-12-31T23:59:60Z",
    "time with second 60": "2013-02-01T20:53:60Z",
    "time in year 0000": "0000-01-01T00:00:00Z",
    "time on 29 February of no leap year": "2013-02-29T20:53:32Z",
    "time at hour 24": "2013-02-01T24:00:00Z",
    "time without seconds": "2013-02-01T20:53Z",
    "date alone": "2013-02-01",
    "empty time": "",
}
ODD_ADDRESSES = {
    "address of a mailbox": "mailto:a@b.example",
    "address without scheme": "//host/path",
    "address with a blank": "http://host/a b",
    "address with an open bracket": "http://[::1",
    "address with letters outside ASCII": "http://höst/",
    "empty address": "",
}


@attrs.frozen
class Change:
    """A payload after one change: `what` was done, `where`."""

    what: str
    where: Path
    payload: object


@attrs.frozen
class Payloads:
    """Makes payloads for one schema. `fullness` is the share of optional fields that are filled in."""

    schema: Schema
    random: Random
    fullness: float = 0.5

    def valid(self) -> Any:
        return self._make(self.schema)

    def changes(self, payload: Any) -> Iterator[Change]:
        """Every kind of change at every place of a payload; some keep it valid."""
        for where, schema, value in list(self._places(self.schema, payload, ())):
            for what, changed in self._changed(schema, value):
                yield Change(what, where, _replaced(payload, where, changed))

    def _resolved(self, schema: Schema) -> Schema:
        if "$ref" in schema:
            found: Schema = self.schema["definitions"][schema["$ref"].removeprefix("#/definitions/")]
            return found
        return schema

    def _make(self, schema: Schema) -> Any:
        schema = self._resolved(schema)
        if "enum" in schema:
            return self.random.choice(schema["enum"])
        match schema.get("type"):
            case "object":
                return self._object(schema)
            case "array":
                fewest = schema.get("minItems", 0)
                number = self.random.randint(fewest, min(schema.get("maxItems", fewest + 2), fewest + 2))
                return [self._make(schema["items"]) for _ in range(number)]
            case "string":
                return self._text(schema)
            case "integer":
                return self.random.choice(_whole_numbers(schema))
            case "number":
                return self._number(schema)
            case "boolean":
                return self.random.random() < 0.5
        return self.random.choice(ANYTHING)

    def _object(self, schema: Schema) -> dict[str, Any]:
        required = schema.get("required", ())
        made = {
            name: self._make(part)
            for name, part in schema.get("properties", {}).items()
            if name in required or self.random.random() < self.fullness
        }
        if schema.get("additionalProperties", True) is not False and self.random.random() < 0.5:
            made["x-own"] = self.random.choice(ANYTHING)
        return made

    def _text(self, schema: Schema) -> str:
        match schema.get("format"):
            case "date-time":
                return self.random.choice(TIMES)
            case "uri":
                return self.random.choice(("ftp://user:word@host/log.zip", "https://host:8443/a?b=c#d", "urn:x:y"))
        longest = schema.get("maxLength", 3000)
        return self.random.choice((*TEXTS, "x" * longest, "🔌" * longest))[:longest]

    def _number(self, schema: Schema) -> float:
        lowest, highest = schema.get("minimum", -1e6), schema.get("maximum", 1e6)
        value = self.random.choice((lowest, highest, round(self.random.uniform(lowest, highest), 1)))
        return int(value) if value == int(value) and self.random.random() < 0.5 else float(value)

    def _places(self, schema: Schema, value: Any, where: Path) -> Iterator[tuple[Path, Schema, Any]]:
        schema = self._resolved(schema)
        yield where, schema, value
        if isinstance(value, dict) and schema.get("type") == "object":
            for name, part in value.items():
                if name in schema["properties"]:
                    yield from self._places(schema["properties"][name], part, (*where, name))
        elif isinstance(value, list) and schema.get("type") == "array":
            # The first and the last item stand for the others.
            for index in sorted({0, len(value) - 1} if value else ()):
                yield from self._places(schema["items"], value[index], (*where, index))

    def _changed(self, schema: Schema, value: Any) -> Iterator[tuple[str, Any]]:
        others: tuple[object, ...] = (None, False, 12345, -0.25, "text", [], {})
        for other in others:
            yield f"{json.dumps(other)} in its place", other
        match schema.get("type"):
            case "object":
                yield from self._changed_object(schema, value)
            case "array":
                yield "an empty list", []
                fullest = schema.get("maxItems", len(value) + 2)
                # Lists may hold 1,024 items; one item many times over is as good.
                more = [self._make(schema["items"])] * (fullest + 1 - len(value))
                yield "one item fewer than allowed at most", [*value, *more][: fullest - 1]
                yield "as many items as allowed", [*value, *more][:fullest]
                yield "an item too many", [*value, *more]
            case "string":
                yield from _changed_text(schema, value)
            case "integer":
                yield "an integer written with a fraction of zero", float(value)
                yield "an integer with a fraction", 0.5
                yield from _changed_limits(schema)
            case "number":
                yield "a number with three decimals", 12.345
                yield "a number with a tiny fraction", 0.30000000000000004
                yield from _changed_limits(schema)

    def _changed_object(self, schema: Schema, value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        yield "an unknown field", {**value, "notInTheSpecification": 1}
        for name, part in schema.get("properties", {}).items():
            yield "a field left out", {key: other for key, other in value.items() if key != name}
            yield "a field in other letters", {key.swapcase() if key == name else key: value[key] for key in value}
            if name not in value:
                yield "a field added", {**value, name: self._make(part)}


def _changed_text(schema: Schema, value: str) -> Iterator[tuple[str, str]]:
    if "enum" in schema:
        yield "a value in other letters", value.swapcase()
        yield "a value with a blank", value + " "
        yield "an empty value", ""
    elif schema.get("format") == "date-time":
        yield from ODD_TIMES.items()
    elif schema.get("format") == "uri":
        yield from ODD_ADDRESSES.items()
    elif "maxLength" in schema:
        yield "a text as long as allowed", "é" * schema["maxLength"]
        yield "a text too long", "é" * (schema["maxLength"] + 1)


def _changed_limits(schema: Schema) -> Iterator[tuple[str, int]]:
    for keyword, outwards in (("minimum", -1), ("maximum", 1)):
        if keyword in schema:
            yield f"the {keyword}", int(schema[keyword])
            yield f"beyond the {keyword}", int(schema[keyword]) + outwards
    yield "a number beyond 64 bits", 10**30
    yield "a negative number beyond 64 bits", -(10**30)


def _whole_numbers(schema: Schema) -> list[int]:
    lowest, highest = schema.get("minimum", -(2**63)), schema.get("maximum", 2**63)
    return [number for number in (int(lowest), -1, 0, 1, 3, 100, 2**31, int(highest)) if lowest <= number <= highest]


def _replaced(payload: Any, where: Path, changed: object) -> Any:
    if not where:
        return changed
    made = copy.copy(payload)
    made[where[0]] = _replaced(payload[where[0]], where[1:], changed)
    return made
