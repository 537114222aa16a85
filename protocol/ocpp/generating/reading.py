"""JSON Schemas of the `ocpp` package → `model.Protocol`.

Only the keywords that OCPP's schemas use are known; anything else stops the generator, so that a new schema is never
half understood.
"""

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

from protocol.ocpp.generating.model import Action, Array, Enumeration, Field, Named, Protocol, Scalar, Struct, Type
from protocol.ocpp.generating.names16 import WIDENED, anonymous_name
from protocol.ocpp.version import Version

FOLDERS = {Version.V16: "v16", Version.V201: "v201", Version.V21: "v21"}
CUSTOM_DATA = "CustomDataType"

Schema = dict[str, Any]

_SIGNED_LENGTH = 32_768
_SAY_NOTHING = {"$schema", "$id", "title", "comment", "description", "javaType", "default", "additionalItems"}
_KNOWN = _SAY_NOTHING | {
    *("type", "properties", "required", "additionalProperties", "definitions", "$ref", "enum", "items", "format"),
    *("maxLength", "minimum", "maximum", "multipleOf", "minItems", "maxItems"),
}


def schemas(version: Version) -> dict[str, Schema]:
    """Struct name → schema, sorted. The files of 1.6 call a request by its action alone."""
    found: dict[str, Schema] = {}
    for file in files("ocpp").joinpath(FOLDERS[version], "schemas").iterdir():
        name, dot, ending = file.name.rpartition(".")
        if dot and ending == "json":
            if version is Version.V16 and not name.endswith("Response"):
                name += "Request"
            # The files of 2.x begin with a byte order mark.
            found[name] = json.loads(file.read_text(encoding="utf-8-sig"))
            _lengthen(version, found[name].get("definitions", {}))
    return dict(sorted(found.items()))


def _lengthen(version: Version, definitions: Schema) -> None:
    """Signed data may be as long in 2.0.1 as in 2.1: what is cut proves nothing any more (2.1 Part 2, J02)."""
    signed = definitions.get("SignedMeterValueType") if version is Version.V201 else None
    if signed is not None:
        signed["properties"]["signedMeterData"]["maxLength"] = _SIGNED_LENGTH


def read(version: Version) -> Protocol:
    """Everything the schemas of one version say."""
    reader = _Reader(version)
    found = schemas(version)
    for name, schema in found.items():
        reader.struct(name, schema, schema.get("definitions", {}))
    return Protocol(f"OCPP {version}", reader.enumerations, reader.structs, tuple(_actions(found)))


def _actions(names: Mapping[str, Schema]) -> Iterator[Action]:
    for name in names:
        if name.endswith("Response"):
            continue
        action = name.removesuffix("Request")
        answer = f"{action}Response"
        yield Action(action, name, answer if answer in names else None)


class _Reader:
    """Collects named types; a name met again must mean the same."""

    def __init__(self, version: Version) -> None:
        self.version = version
        self.enumerations: dict[str, Enumeration] = {}
        self.structs: dict[str, Struct] = {}

    def struct(self, name: str, schema: Schema, definitions: Schema) -> None:
        if schema.get("additionalProperties") is not False:
            raise ValueError(f"{self.version} {name}: objects with unknown properties are not supported")
        required = set(schema.get("required", ()))
        properties = schema.get("properties", {})
        if not required <= properties.keys():
            raise ValueError(f"{self.version} {name}: requires {required - properties.keys()} without describing it")
        fields = tuple(
            Field(field, self.type(name, field, part, definitions), field in required)
            for field, part in properties.items()
        )
        made = Struct(name, fields)
        if self.structs.setdefault(name, made) != made:
            raise ValueError(f"{self.version} {name}: two schemas describe it differently")

    def type(self, owner: str, field: str, schema: Schema, definitions: Schema) -> Type:
        if unknown := schema.keys() - _KNOWN:
            raise ValueError(f"{self.version} {owner}.{field}: unknown schema keywords {sorted(unknown)}")
        if "$ref" in schema:
            return self.reference(schema["$ref"].removeprefix("#/definitions/"), definitions)
        if schema.get("type") == "array":
            item = self.type(owner, field, schema["items"], definitions)
            return Array(item, schema.get("minItems"), schema.get("maxItems"))
        if "enum" in schema:
            return self.enumeration(anonymous_name(owner, field), schema["enum"])
        if schema.get("type") == "object":
            name = anonymous_name(owner, field)
            self.struct(name, schema, definitions)
            return Named(name)
        return _scalar(schema)

    def reference(self, name: str, definitions: Schema) -> Named:
        schema = definitions[name]
        if name == CUSTOM_DATA:
            if schema["required"] != ["vendorId"] or schema["properties"].keys() != {"vendorId"}:
                raise ValueError(f"{self.version} {name} is not the one that messages/base.py implements")
        elif "enum" in schema:
            self.enumeration(name, schema["enum"])
        else:
            self.struct(name, schema, definitions)
        return Named(name)

    def enumeration(self, name: str, values: list[str]) -> Named:
        known = self.enumerations.get(name)
        made = Enumeration(name, tuple(values))
        if known is not None and set(known.values) != set(values):
            if name not in WIDENED:
                raise ValueError(f"{self.version} {name}: two schemas list different values")
            more = [value for value in values if value not in known.values]
            made = Enumeration(name, (*known.values, *more))
        elif known is not None:
            made = known
        self.enumerations[name] = made
        return Named(name)


def _scalar(schema: Schema) -> Scalar:
    match schema.get("type"), schema.get("format"):
        case "string", "date-time":
            return Scalar("datetime")
        case "string", "uri":
            return Scalar("uri", schema.get("maxLength"))
        case "string", None:
            return Scalar("str", schema.get("maxLength"))
        case "boolean", None:
            return Scalar("bool")
        case "integer", None:
            return Scalar("int", minimum=_whole(schema, "minimum"), maximum=_whole(schema, "maximum"))
        case "number", None:
            if schema.get("multipleOf") not in (None, 0.1):
                raise ValueError(f"multipleOf {schema['multipleOf']} is not supported")
            lowest, highest = _whole(schema, "minimum"), _whole(schema, "maximum")
            return Scalar("float", minimum=lowest, maximum=highest, tenths="multipleOf" in schema)
        case None, None:
            return Scalar("any")
    raise ValueError(f"not supported: {schema}")


def _whole(schema: Schema, keyword: str) -> int | None:
    value = schema.get(keyword)
    if value is None:
        return None
    if value != int(value):
        raise ValueError(f"{keyword} {value} is not a whole number")
    return int(value)
