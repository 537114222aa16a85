"""The contract in the words of others, made from the types: JSON Schemas and one AsyncAPI document."""

import inspect
from typing import Any

import msgspec

from protocol.events.base import EventData
from protocol.events.envelope import CONTENT_TYPE, Envelope, schema_name
from protocol.events.types import EVENTS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ENVELOPE = "cloudevent"
_FEED = (
    'One connection of the live feed. A client sends `{"subscribe": [topics]}`, is answered `{"subscribed": […]}`, '
    'and gets `{"topic", "event"}` with the event as described here. Newest value per key wins for a slow reader.'
)
_OUTBOX = "Every event but the ephemeral ones, as `GET /api/v1/events` lists them."


def description(event: type[msgspec.Struct]) -> str:
    """The docstring as running text, a blank line between paragraphs."""
    paragraphs = inspect.cleandoc(event.__doc__ or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def data_schema(event: type[EventData]) -> dict[str, Any]:
    """The JSON Schema of one type's `data`. Readers must ignore fields they do not know: there may be more."""
    schema = _inline(event)
    return {
        "$schema": DIALECT,
        "$id": schema_name(event.type),
        "title": event.type,
        "description": description(event),
        **{key: value for key, value in schema.items() if key not in ("title", "description")},
        "examples": [event.example],
    }


def envelope_schema() -> dict[str, Any]:
    """The JSON Schema of the envelope, for every type alike."""
    schema = _inline(Envelope)
    properties = schema["properties"]
    properties["data"] = {"type": "object", "description": "As the schema that `dataschema` names."}
    properties["time"]["format"] = "date-time"
    properties["tenant"]["format"] = "uuid"
    properties["requestid"] = {"type": "string", "description": properties["requestid"]["description"]}
    for name, value in (("specversion", "1.0"), ("datacontenttype", "application/json")):
        properties[name] = {"const": value, "description": properties[name]["description"]}
    schema["required"] = [*schema["required"], "specversion", "datacontenttype"]
    return {
        "$schema": DIALECT,
        "$id": schema_name(ENVELOPE),
        "title": "CloudEvent",
        "description": description(Envelope),
        **{key: value for key, value in schema.items() if key not in ("title", "description")},
    }


def asyncapi(version: str = "1.0.0") -> dict[str, Any]:
    """The AsyncAPI 3 document: where events come from, and what they look like."""
    messages = {event.type: {"$ref": f"#/components/messages/{event.type}"} for event in EVENTS}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Voltyard events",
            "version": version,
            "description": "CloudEvents 1.0 in structured JSON, at least once: an event is recognised by its id.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {
            "live": {
                "address": "/api/v1/live",
                "title": "Live feed",
                "description": _FEED,
                "messages": messages,
            },
            "outbox": {
                "address": None,
                "title": "Outbox",
                "description": _OUTBOX,
                "messages": {event.type: messages[event.type] for event in EVENTS if not event.ephemeral},
            },
        },
        "operations": {
            "sendLive": {"action": "send", "channel": {"$ref": "#/channels/live"}},
            "sendOutbox": {"action": "send", "channel": {"$ref": "#/channels/outbox"}},
        },
        "components": {
            "messages": {event.type: _message(event) for event in EVENTS},
            "schemas": {
                ENVELOPE: _embedded(envelope_schema()),
                **{event.type: _embedded(data_schema(event)) for event in EVENTS},
            },
        },
    }


def example(event: type[EventData]) -> dict[str, Any]:
    """A whole CloudEvent of that type."""
    tenant = "00000000-0000-7000-8000-000000000001"
    head, _, field = event.subject.partition("/")
    return {
        "specversion": "1.0",
        "id": "01930c23-4444-7c3e-9a55-3f1f0b6c2d11",
        "source": f"/tenants/{tenant}",
        "type": event.type,
        "subject": f"{head}/{event.example[field.strip('{}')]}",
        "time": "2026-03-01T09:45:00.123Z",
        "datacontenttype": "application/json",
        "dataschema": schema_name(event.type),
        "tenant": tenant,
        "data": event.example,
    }


def _message(event: type[EventData]) -> dict[str, Any]:
    own = {"type": {"const": event.type}, "data": {"$ref": f"#/components/schemas/{event.type}"}}
    return {
        "name": event.type,
        "title": event.__name__,
        "summary": description(event).split("\n\n")[0],
        "contentType": CONTENT_TYPE,
        "payload": {
            "allOf": [
                {"$ref": f"#/components/schemas/{ENVELOPE}"},
                {"type": "object", "properties": own},
            ]
        },
        "examples": [{"name": event.__name__, "payload": example(event)}],
    }


def _embedded(schema: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key not in ("$schema", "$id")}


def _inline(struct: type[msgspec.Struct]) -> dict[str, Any]:
    (_,), components = msgspec.json.schema_components([struct], ref_template="#/components/schemas/{name}")
    if list(components) != [struct.__name__]:
        raise TypeError(f"{struct.__name__}: events hold plain fields only, no other structs ({', '.join(components)})")
    schema: dict[str, Any] = components[struct.__name__]
    return schema
