"""Payloads for every OCPP message, made from the published JSON Schemas, with each place that could hold a secret."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import ocpp

_ROOT = Path(str(ocpp.__file__)).parent
_SECRET = re.compile(r"passw|secret|simpin|credential", re.IGNORECASE)
_ADDRESS = re.compile(r"ur[il]s?$|^location$|^remoteLocation$", re.IGNORECASE)
_METER_FIELDS = ("sampledValue",)  # their `location` is a place in the station


@attrs.frozen
class Message:
    """One message with all its fields filled. Places are paths of keys and indexes."""

    version: str
    action: str
    answer: bool
    payload: dict[str, Any]
    secrets: tuple[tuple[str | int, ...], ...]
    addresses: tuple[tuple[str | int, ...], ...]

    def frame(self, payload: dict[str, Any] | None = None) -> str:
        """As some stations write it, with blanks."""
        content = self.payload if payload is None else payload
        head = [3, "m-1", content] if self.answer else [2, "m-1", self.action, content]
        return json.dumps(head, ensure_ascii=False)

    def with_value(self, place: tuple[str | int, ...], value: Any) -> dict[str, Any]:
        changed: Any = copy.deepcopy(self.payload)
        inside = changed
        for step in place[:-1]:
            inside = inside[step]
        inside[place[-1]] = value
        assert isinstance(changed, dict)
        return changed

    def __str__(self) -> str:
        return f"{self.version} {self.action}{' answer' if self.answer else ''}"


def messages() -> Iterator[Message]:
    """Every request and response of 1.6, 2.0.1 and 2.1."""
    for version in ("v16", "v201", "v21"):
        for path in sorted((_ROOT / version / "schemas").glob("*.json")):
            schema = json.loads(path.read_text(encoding="utf-8-sig"))
            name = path.stem.removesuffix("Request")
            answer = name.endswith("Response")
            filling = _Filling(schema.get("definitions", {}))
            payload = filling.value(schema, (), ())
            yield Message(
                version,
                name.removesuffix("Response"),
                answer,
                payload,
                tuple(filling.secrets),
                tuple(filling.addresses),
            )


class _Filling:
    def __init__(self, definitions: dict[str, Any]) -> None:
        self._definitions = definitions
        self.secrets: list[tuple[str | int, ...]] = []
        self.addresses: list[tuple[str | int, ...]] = []

    def value(self, schema: dict[str, Any], place: tuple[str | int, ...], above: tuple[str, ...]) -> Any:
        if "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[-1]
            if name in above:
                return {}
            return self.value(self._definitions[name], place, (*above, name))
        if "enum" in schema:
            return schema["enum"][0]
        kind = schema.get("type", "object" if "properties" in schema else None)
        if kind == "object":
            fields = schema.get("properties", {})
            return {key: self._field(key, field, (*place, key), above) for key, field in fields.items()}
        if kind == "array":
            return [self.value(schema["items"], (*place, 0), above)]
        return {"integer": 7, "number": 1.5, "boolean": True, None: "any"}.get(kind, _text(schema))

    def _field(self, key: str, schema: dict[str, Any], place: tuple[str | int, ...], above: tuple[str, ...]) -> Any:
        value = self.value(schema, place, above)
        leaf = (*place, 0) if isinstance(value, list) and isinstance(value[0], str) else place
        if isinstance(value, str) or leaf != place:
            if _SECRET.search(key) or place[-2:] == ("vpn", "key"):
                self.secrets.append(leaf)
                return "" if leaf == place else [""]
            if (_ADDRESS.search(key) or schema.get("format") == "uri") and not set(place) & set(_METER_FIELDS):
                self.addresses.append(leaf)
        return None if _SECRET.search(key) and isinstance(value, int) else value


def _text(schema: dict[str, Any]) -> str:
    if schema.get("format") == "date-time":
        return "2026-03-01T08:00:00.000Z"
    if schema.get("format") == "uri":
        return "https://example.com/firmware/4.2.bin"
    return "text"
