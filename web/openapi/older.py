"""The document as OpenAPI 3.0.3: the page that shows it reads no later one. Only what our own document uses."""

from typing import Any


def as_3_0(value: Any) -> Any:
    """The 3.1 document, or a part of it, in the words of 3.0: nullable instead of a null type, and so on."""
    if isinstance(value, list):
        return [as_3_0(each) for each in value]
    if not isinstance(value, dict):
        return value
    result = {name: as_3_0(each) for name, each in value.items() if name != "examples"}
    if result.get("openapi") == "3.1.0":
        result["openapi"] = "3.0.3"
        result["info"] = {name: each for name, each in result["info"].items() if name != "summary"}
        result["info"]["license"] = {"name": result["info"]["license"]["name"]}
    if "const" in result and "properties" not in result:
        result["enum"] = [result.pop("const")]
    return _nullable(result)


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    options = schema.get("anyOf")
    if schema.get("type") == "null":
        return {name: each for name, each in schema.items() if name != "type"} | {"nullable": True, "enum": [None]}
    if not isinstance(options, list):
        return schema
    kept = [each for each in options if not (each.get("nullable") and each.get("enum") == [None])]
    if len(kept) == len(options):
        return schema
    rest = {name: each for name, each in schema.items() if name != "anyOf"} | {"nullable": True}
    if len(kept) == 1 and "$ref" not in kept[0]:
        return {**kept[0], **rest}
    return {"allOf" if len(kept) == 1 else "anyOf": kept} | rest
