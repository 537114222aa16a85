"""The generated modules are current, complete, and spell every name as the specification does."""

import importlib
import subprocess
import sys
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec
import pytest

from protocol.ocpp import catalogue, generate
from protocol.ocpp.generating.reading import Schema, read, schemas
from protocol.ocpp.messages.base import Message
from protocol.ocpp.version import Version


def fields(version: Version, struct: str) -> tuple[str, ...]:
    module = importlib.import_module(f"protocol.ocpp.messages.{generate.path_of(version).stem}")
    kind: type[msgspec.Struct] = getattr(module, struct)
    return kind.__struct_encode_fields__


def test_the_modules_are_what_the_generator_writes() -> None:
    assert generate.stale() == []


def test_a_changed_module_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate, "MESSAGES", tmp_path)
    for version in Version:
        generate.path_of(version).write_text(generate.generated(version), encoding="utf-8")
    with generate.path_of(Version.V21).open("a") as module:
        module.write("# by hand\n")
    monkeypatch.setattr(sys, "argv", ["generate", "--check"])
    assert generate.main() == 1
    assert "v21.py is not current" in capsys.readouterr().err


@pytest.mark.parametrize(("version", "number"), [(Version.V16, 39), (Version.V201, 64), (Version.V21, 91)])
def test_every_action_is_there(version: Version, number: int) -> None:
    found = catalogue.actions(version)
    assert len(found) == number
    for name, action in found.items():
        assert action == catalogue.find(version, name)
        assert action.version is version
        assert action.request.__name__ in {f"{name}Request", name}
        assert action.response is None or action.response.__name__ == f"{name}Response"


def test_the_only_action_without_answer_is_the_send_of_2_1() -> None:
    sends = [(v, a.name) for v in Version for a in catalogue.actions(v).values() if a.response is None]
    assert sends == [(Version.V21, "NotifyPeriodicEventStream")]
    action = catalogue.actions(Version.V21)["NotifyPeriodicEventStream"]
    with pytest.raises(LookupError, match="never answered"):
        _ = action.decode_response
    with pytest.raises(LookupError, match="never answered"):
        catalogue.check(action, {}, response=True)


@pytest.mark.parametrize("version", Version)
def test_every_field_is_spelled_as_in_its_schema(version: Version) -> None:
    for name, schema in schemas(version).items():
        assert set(fields(version, name)) == schema.get("properties", {}).keys()
        for nested, definition in schema.get("definitions", {}).items():
            if "properties" in definition and nested != "CustomDataType":
                assert set(fields(version, nested)) == definition["properties"].keys()


def leaves(kind: object) -> Iterator[object]:
    """The structs and lists of values that an annotation is made of."""
    if typing.get_origin(kind) is Literal or isinstance(kind, type):
        yield kind
    else:
        for part in typing.get_args(kind):
            yield from leaves(part)


def choices(kind: type[msgspec.Struct], schema: Schema, known: Schema) -> Iterator[tuple[str, set[str], set[str]]]:
    """Every field with a closed list of values: its name, our values, the schema's."""
    for field in msgspec.structs.fields(kind):
        part = schema["properties"][field.encode_name]
        part = part.get("items", part)
        part = known[part["$ref"].removeprefix("#/definitions/")] if "$ref" in part else part
        for leaf in leaves(field.type):
            if typing.get_origin(leaf) is Literal:
                yield f"{kind.__name__}.{field.name}", set(typing.get_args(leaf)), set(part.get("enum", ()))
            elif isinstance(leaf, type) and issubclass(leaf, Message):
                yield from choices(leaf, part, known)


@pytest.mark.parametrize(("version", "fewest"), [(Version.V16, 60), (Version.V201, 150), (Version.V21, 200)])
def test_every_list_of_values_is_the_schemas(version: Version, fewest: int) -> None:
    found, found_schemas = 0, schemas(version)
    for action in catalogue.actions(version).values():
        for kind in filter(None, (action.request, action.response)):
            schema = found_schemas[kind.__name__]
            for place, ours, theirs in choices(kind, schema, schema.get("definitions", {})):
                found += 1
                # One type serves MeterValues and StopTransaction; only the schema of the first lists Hertz.
                more = {"Hertz"} if place == "SampledValue.unit" and version is Version.V16 else set()
                assert ours == theirs | more, place
    assert found >= fewest


@pytest.mark.parametrize(
    ("version", "struct", "names"),
    [
        (Version.V21, "ChargingSchedulePeriodType", {"setpoint_L2", "setpointReactive_L3", "dischargeLimit_L2"}),
        (Version.V21, "V2XChargingParametersType", {"evMaxV2XEnergyRequest", "targetSoC", "minChargePower_L2"}),
        (Version.V21, "DERChargingParametersType", {"evMaximumLevel1DCInjection", "evDurationLevel2DCInjection"}),
        (Version.V21, "BatteryDataType", {"soC", "soH"}),
        (Version.V21, "NotifySettlementRequest", {"receiptUrl", "vatNumber"}),
        (Version.V21, "SetDERControlRequest", {"fixedPFAbsorb", "fixedPFInject"}),
        (Version.V201, "OCSPRequestDataType", {"responderURL", "issuerNameHash"}),
        (Version.V201, "GetCertificateStatusRequest", {"ocspRequestData"}),
        (Version.V16, "SetChargingProfileRequest", {"csChargingProfiles"}),
        (Version.V16, "StartTransactionRequest", {"idTag", "meterStart", "reservationId"}),
    ],
)
def test_names_that_case_conversion_breaks(version: Version, struct: str, names: set[str]) -> None:
    assert names <= set(fields(version, struct))


def test_names_of_the_1_6_types_follow_its_specification() -> None:
    wanted = {"IdTagInfo", "AuthorizationData", "ChargingProfile", "ChargingSchedule", "ChargingSchedulePeriod"}
    wanted |= {"KeyValue", "MeterValue", "SampledValue", "TransactionData"}
    model = read(Version.V16)
    assert wanted <= model.structs.keys()
    assert {"RegistrationStatus", "ChargePointErrorCode", "ReadingContext", "Reason"} <= model.enumerations.keys()


def test_the_large_modules_wait_until_they_are_needed() -> None:
    loaded = "[name for name in sys.modules if name.startswith('protocol.ocpp.messages.v')]"
    code = f"import sys, protocol.ocpp.catalogue; print({loaded})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
