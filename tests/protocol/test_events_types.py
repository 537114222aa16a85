"""Every event: its example is valid, it survives the way there and back, and the documents are current."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import jsonschema_rs
import msgspec
import pytest

from protocol.events import generate
from protocol.events.envelope import Event, Undecodable, decode, wrap
from protocol.events.schemas import asyncapi, data_schema, envelope_schema, example
from protocol.events.types import (
    BY_TYPE,
    EVENTS,
    EventData,
    SessionMeasured,
    StationOnline,
    make,
    timestamp,
)

TENANT = UUID("00000000-0000-7000-8000-000000000001")
NOW = datetime(2026, 3, 1, 9, 45, 0, 123456, tzinfo=UTC)
every_event = pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)


def sample(event: type[EventData]) -> EventData:
    return msgspec.convert(event.example, event)


def validator(schema: dict[str, Any]) -> Any:
    return jsonschema_rs.validator_for(schema, validate_formats=True)


@every_event
def test_example_is_valid_and_says_everything(event: type[EventData]) -> None:
    closed = data_schema(event) | {"additionalProperties": False}
    validator(closed).validate(event.example)
    validator(envelope_schema()).validate(example(event))
    assert set(closed["required"]) <= set(event.example)


@every_event
def test_what_is_made_is_valid_and_reads_back(event: type[EventData]) -> None:
    data = sample(event)
    type_, subject, raw = make(data)
    validator(data_schema(event) | {"additionalProperties": False}).validate(json.loads(raw))
    assert type_ == event.type
    assert subject.partition("/")[2] in raw.decode()
    assert decode(type_, raw) == data


@every_event
def test_envelope_is_valid(event: type[EventData]) -> None:
    wrapped = wrap(sample(event), id=uuid4(), tenant_id=TENANT, time=NOW, request_id="r-1")
    told = json.loads(wrapped.to_json())
    validator(envelope_schema() | {"additionalProperties": False}).validate(told)
    assert told["time"] == "2026-03-01T09:45:00.123Z"
    assert told["requestid"] == "r-1"
    assert told["data"] == json.loads(wrapped.raw)


@every_event
def test_every_field_is_explained(event: type[EventData]) -> None:
    schema = data_schema(event)
    assert schema["description"]
    assert [name for name, field in schema["properties"].items() if not field.get("description")] == []
    # Quantities carry their unit in name and text.
    for name, field in schema["properties"].items():
        for ending, unit in (("_wh", "Wh"), ("_w", "W"), ("_ms", "milliseconds")):
            assert not name.endswith(ending) or f"in {unit}" in field["description"]


def test_names() -> None:
    assert len(BY_TYPE) == len(EVENTS)
    assert all(event.type.startswith("voltyard.") and event.type.endswith(".v1") for event in EVENTS)
    assert [event for event in EVENTS if event.ephemeral] == [SessionMeasured]


def test_request_id_is_left_out_when_there_was_no_request() -> None:
    assert b"requestid" not in wrap(sample(StationOnline), id=uuid4(), tenant_id=TENANT, time=NOW).to_json()


def test_newer_fields_are_ignored_and_unknown_types_named() -> None:
    _, _, raw = make(sample(StationOnline))
    newer = raw[:-1] + b',"colour":"red"}'
    assert decode(StationOnline.type, newer) == sample(StationOnline)
    with pytest.raises(Undecodable, match=r"voltyard\.station\.melted\.v1"):
        decode("voltyard.station.melted.v1", raw)
    with pytest.raises(Undecodable, match="station"):
        decode(StationOnline.type, b"{}")
    event = Event(uuid4(), TENANT, NOW, StationOnline.type, "stations/x", raw)
    assert event.data == sample(StationOnline)


def test_times_are_utc_milliseconds() -> None:
    east = timezone(timedelta(hours=2))
    assert timestamp(datetime(2026, 3, 1, 10, 0, 0, 999_999, tzinfo=east)) == "2026-03-01T08:00:00.999Z"
    with pytest.raises(ValueError, match="time zone"):
        timestamp(datetime(2026, 3, 1))  # noqa: DTZ001 - the point


def test_documents_are_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["--check"]) == 0, capsys.readouterr().err


def test_check_tells_what_is_not_current(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate, "DIRECTORY", tmp_path)
    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0
    (tmp_path / "cloudevent.json").write_text("{}")
    (tmp_path / "voltyard.gone.v1.json").write_text("{}")
    assert generate.main(["--check"]) == 1
    told = capsys.readouterr().err
    assert "cloudevent.json" in told
    assert "voltyard.gone.v1.json" in told
    assert generate.main([]) == 0
    assert not (tmp_path / "voltyard.gone.v1.json").exists()


def test_asyncapi_holds_together() -> None:
    """Every reference leads somewhere, every example is valid against its message's whole payload schema."""
    document = asyncapi()

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                target: Any = document
                for part in value["$ref"].removeprefix("#/").split("/"):
                    target = target[part]
            for item in value.values():
                walk(item)
        elif isinstance(value, list):
            for item in value:
                walk(item)

    walk(document)
    assert document["asyncapi"] == "3.0.0"
    assert set(document["channels"]["live"]["messages"]) == set(BY_TYPE)
    assert set(document["channels"]["outbox"]["messages"]) == set(BY_TYPE) - {SessionMeasured.type}
    for message in document["components"]["messages"].values():
        schema = message["payload"] | {"components": document["components"]}
        for given in message["examples"]:
            validator(schema).validate(given["payload"])
        with pytest.raises(jsonschema_rs.ValidationError):
            validator(schema).validate(message["examples"][0]["payload"] | {"data": {}})
