"""The envelope: CloudEvents 1.0, structured JSON, with the extensions `tenant` and `requestid`."""

from datetime import datetime
from typing import Annotated, Any, Literal, cast
from uuid import UUID

import msgspec

from protocol.events.base import EventData, told
from protocol.events.types import BY_TYPE, encode, subject_of, timestamp

CONTENT_TYPE = "application/cloudevents+json"


class Undecodable(ValueError):  # noqa: N818 - named for what is the case
    """An event's data is not of its type, or the type is not known here (a newer node wrote it)."""


class Envelope(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A CloudEvent as it is written."""

    id: Annotated[str, told("Unique; the same event may come more than once and then has the same id.")]
    source: Annotated[str, told("Whose event: /tenants/{tenant}.")]
    type: Annotated[str, told("What happened; the name ends in the version of its data.")]
    subject: Annotated[str, told("What it happened to: stations/{id}, sessions/{id}, commands/{id}, refusals/{id}.")]
    time: Annotated[str, told("When we learnt of it, RFC 3339 in UTC.")]
    tenant: Annotated[str, told("Id of the tenant.")]
    data: msgspec.Raw
    dataschema: Annotated[str, told("Names the JSON Schema of `data`.")]
    requestid: Annotated[str | None, told("X-Request-ID of the call that led to it.")] = None
    specversion: Annotated[Literal["1.0"], told("Version of CloudEvents.")] = "1.0"
    datacontenttype: Annotated[Literal["application/json"], told("Of `data`.")] = "application/json"


class Event(msgspec.Struct, frozen=True, gc=False):
    """One event with its data, as consumers get it. `raw` is the data's JSON text; `data` decodes it when asked."""

    id: UUID
    tenant_id: UUID
    time: datetime
    type: str
    subject: str
    raw: bytes
    request_id: str | None = None

    @property
    def data(self) -> EventData:
        """The typed data. Raises Undecodable."""
        return decode(self.type, self.raw)

    def to_json(self) -> bytes:
        """The structured form as text; `as_dict` where it is a part of something."""
        return _encode(self)


def decode(type_: str, raw: bytes) -> EventData:
    """Data of a type we know, unknown fields ignored. Raises Undecodable."""
    known = BY_TYPE.get(type_)
    if known is None:
        raise Undecodable(f"event type {type_!r} is not known to this version")
    try:
        return msgspec.json.decode(raw, type=known)
    except msgspec.DecodeError as error:
        raise Undecodable(f"data of {type_}: {error}") from error


def wrap(event: EventData, *, id: UUID, tenant_id: UUID, time: datetime, request_id: str | None = None) -> Event:  # noqa: A002 - CloudEvents' own name
    """An event that was not read from the outbox."""
    return Event(id, tenant_id, time, event.type, subject_of(event), encode(event), request_id)


def as_dict(event: Event) -> dict[str, Any]:
    """The structured form as plain JSON values, for answers of which it is a part."""
    return cast(dict[str, Any], msgspec.json.decode(_encode(event)))


def schema_name(type_: str) -> str:
    """The `$id` of a type's JSON Schema. It names, it cannot be fetched."""
    return f"urn:voltyard:events:{type_}"


_fields = msgspec.json.Encoder()


def _encode(event: Event) -> bytes:
    envelope: dict[str, Any] = {
        "specversion": "1.0",
        "id": str(event.id),
        "source": f"/tenants/{event.tenant_id}",
        "type": event.type,
        "subject": event.subject,
        "time": timestamp(event.time),
        "datacontenttype": "application/json",
        "dataschema": schema_name(event.type),
        "tenant": str(event.tenant_id),
    }
    if event.request_id is not None:
        envelope["requestid"] = event.request_id
    envelope["data"] = msgspec.Raw(event.raw)
    return _fields.encode(envelope)
