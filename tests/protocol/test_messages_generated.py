"""The generated modules are current, complete, and spell every name as the specification does."""

import importlib
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from protocol.ocpp import catalogue, generate
from protocol.ocpp.generating.reading import read, schemas
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
