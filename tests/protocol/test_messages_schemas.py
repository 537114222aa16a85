"""The generated messages against the JSON Schemas: same verdict on valid and on changed payloads of every type."""

import json
from functools import cache
from random import Random

import attrs
import jsonschema_rs
import msgspec
import pytest

from protocol.ocpp import catalogue
from protocol.ocpp.generating.reading import Schema, schemas
from protocol.ocpp.messages.base import Message, decode_custom_data
from protocol.ocpp.version import Version
from tests.support.payloads import Change, Payloads

ALL = frozenset(Version)
V16 = frozenset({Version.V16})


@attrs.frozen
class Difference:
    """Where our verdict is not the schema's: after which change, in which versions, who accepts it, and why."""

    what: str
    versions: frozenset[Version]
    accepted_by: str
    reason: str
    example: tuple[Version, str]


BOOT = (Version.V21, "BootNotificationResponse")
DIAGNOSTICS = (Version.V16, "GetDiagnosticsRequest")

DIFFERENCES = (
    Difference(
        "an integer written with a fraction of zero",
        ALL,
        "schema",
        "draft 6 takes 1.0 for an integer (draft 4, of most of 1.6, does not); msgspec wants 1",
        BOOT,
    ),
    Difference("time of a leap second", ALL, "schema", "datetime has no second 60", BOOT),
    Difference("time in year 0000", ALL, "schema", "datetime begins with year 1", BOOT),
    Difference("time with a blank for the T", ALL, "us", "RFC 3339 5.6 allows it by agreement, msgspec reads it", BOOT),
    Difference("time with +0200", ALL, "us", "ISO 8601 basic offset, unambiguous, and stations send it", BOOT),
    Difference(
        "address with an open bracket",
        V16,
        "us",
        "only scheme and blanks are looked at; the opener judges",
        DIAGNOSTICS,
    ),
    Difference("address with letters outside ASCII", V16, "us", "only scheme and blanks are looked at", DIAGNOSTICS),
)
EXPLAINED = {(each.what, version): each.accepted_by for each in DIFFERENCES for version in each.versions}
# One type serves MeterValues and StopTransaction; only the schema of the first lists Hertz.
HERTZ = "Hertz"

TYPES = [(version, name) for version in Version for name in schemas(version)]


@cache
def validator(version: Version, name: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(schemas_of(version)[name], validate_formats=True)


@cache
def schemas_of(version: Version) -> dict[str, Schema]:
    return schemas(version)


@cache
def message_type(version: Version, name: str) -> type[Message]:
    kinds = (kind for action in catalogue.actions(version).values() for kind in (action.request, action.response))
    return next(kind for kind in kinds if kind is not None and kind.__name__ == name)


@cache
def decoder(version: Version, name: str) -> msgspec.json.Decoder[Message]:
    return msgspec.json.Decoder(message_type(version, name), dec_hook=decode_custom_data)


def accepts(version: Version, name: str, payload: object) -> bool:
    try:
        decoder(version, name).decode(msgspec.json.encode(payload))
    except msgspec.ValidationError:
        return False
    return True


def disagreement(version: Version, name: str, payload: object) -> str | None:
    """Who accepts it, when only one does."""
    ours, theirs = accepts(version, name, payload), validator(version, name).is_valid(payload)
    return None if ours == theirs else "us" if ours else "schema"


def changes(version: Version, name: str, seed: int) -> list[Change]:
    made = Payloads(schemas_of(version)[name], Random(f"{seed} {version} {name}"), fullness=(0.9, 0.4, 0.0)[seed % 3])
    return list(made.changes(made.valid()))


@pytest.mark.parametrize(("version", "name"), TYPES)
def test_same_verdict_on_valid_payloads(version: Version, name: str) -> None:
    for fullness in (0.0, 0.3, 0.6, 1.0):
        made = Payloads(schemas_of(version)[name], Random(f"{fullness} {version} {name}"), fullness)
        for _ in range(5):
            payload = made.valid()
            assert validator(version, name).is_valid(payload), "the payload generator is wrong"
            assert accepts(version, name, payload), payload


@pytest.mark.parametrize(("version", "name"), TYPES)
def test_same_verdict_on_changed_payloads(version: Version, name: str) -> None:
    for seed in range(3):
        for change in changes(version, name, seed):
            who = disagreement(version, name, change.payload)
            if who != EXPLAINED.get((change.what, version)):
                assert who is None, f"{who} alone accepts {change}"


@pytest.mark.parametrize("each", DIFFERENCES, ids=lambda each: each.what)
def test_each_difference_is_real(each: Difference) -> None:
    version, name = each.example
    seen = {disagreement(version, name, c.payload) for c in changes(version, name, 0) if c.what == each.what}
    assert seen == {each.accepted_by}


def test_stop_transaction_takes_hertz_as_meter_values_does() -> None:
    sampled = [{"value": "50", "unit": HERTZ}]
    data = {"meterStop": 1, "timestamp": "2013-02-01T20:53:32Z", "transactionId": 1}
    data |= {"transactionData": [{"timestamp": "2013-02-01T20:53:32Z", "sampledValue": sampled}]}
    assert disagreement(Version.V16, "StopTransactionRequest", data) == "us"


@pytest.mark.parametrize(("version", "name"), TYPES)
def test_decoding_and_encoding_changes_nothing(version: Version, name: str) -> None:
    for fullness in (0.2, 1.0):
        payload = Payloads(schemas_of(version)[name], Random(f"{version} {name}"), fullness).valid()
        message = decoder(version, name).decode(json.dumps(payload))
        assert json.loads(catalogue.encode(message)) == payload


@pytest.mark.parametrize(("version", "name"), TYPES)
def test_check_finds_a_problem_exactly_where_the_decoder_does(version: Version, name: str) -> None:
    kind = message_type(version, name)
    action = next(a for a in catalogue.actions(version).values() if kind in (a.request, a.response))
    made = changes(version, name, 0)
    for change in Random(name).sample(made, min(15, len(made))):
        problems = catalogue.check(action, change.payload, response=kind is action.response)
        assert (problems == []) == accepts(version, name, change.payload), change
