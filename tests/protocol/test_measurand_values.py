"""Every measurand of every version as one value in base units, and signed values recognised without being read."""

import base64
from typing import Any, get_args

import pytest

from actors.meter.signed import looks_like, public_key, signed_values
from protocol.ocpp.measurands import unit_of, values
from protocol.ocpp.messages import v16, v21, v201

NAMES = sorted({*get_args(v16.Measurand), *get_args(v201.MeasurandEnumType), *get_args(v21.MeasurandEnumType)})
BASE = {"Wh", "varh", "VAh", "W", "var", "VA", "A", "V", "Hz", "Celsius", "Percent", "RPM", "s", None}


@pytest.mark.parametrize("name", NAMES)
def test_every_measurand_has_a_unit_of_its_own(name: str) -> None:
    (plain,) = values([{"value": "1.5", "measurand": name}])
    assert (plain.measurand, plain.value, plain.phase) == (name, 1.5, None)
    assert plain.unit == unit_of(name)
    assert plain.unit in BASE
    if name.startswith("Energy.Active"):
        assert plain.unit == "Wh"


@pytest.mark.parametrize("phase", get_args(v21.PhaseEnumType))
def test_every_phase_is_kept_and_only_lines_are_summed(phase: str) -> None:
    found = values([{"value": 2.0, "measurand": "Power.Active.Import", "phase": phase}])
    assert found[0].phase == phase
    summed = [each for each in found if each.derived]
    assert bool(summed) == (phase in ("L1", "L2", "L3", "L1-N", "L2-N", "L3-N"))


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        ({"value": "1.2", "unit": "kWh"}, (1200.0, "Wh")),
        ({"value": 3, "unitOfMeasure": {"unit": "Wh", "multiplier": 3}}, (3000.0, "Wh")),
        ({"value": "2", "unit": "kvarh", "measurand": "Energy.Reactive.Import.Register"}, (2000.0, "varh")),
        ({"value": "300", "unit": "K", "measurand": "Temperature"}, (26.85, "Celsius")),
        ({"value": "50", "unit": "Hertz", "measurand": "Frequency"}, (50.0, "Hz")),
        ({"value": "50", "unit": "Percent"}, (50.0, "Percent")),
        ({"value": "7", "unitOfMeasure": {"unit": "Wh", "multiplier": 99}}, (None, "Wh")),
        ({"value": "", "measurand": "Voltage"}, (None, "V")),
        ({}, (None, "Wh")),
    ],
)
def test_units(sample: dict[str, Any], expected: tuple[float | None, str]) -> None:
    (found,) = values([sample])
    assert (found.value, found.unit) == expected


def test_sums_are_exact_and_a_total_of_the_stations_own_counts() -> None:
    lines = [{"value": value, "phase": f"L{n}"} for n, value in enumerate((0.1, 0.2, 0.3), 1)]
    assert values(lines)[-1].value == 0.6
    assert not any(each.derived for each in values([*lines, {"value": 1}]))


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ('OCMF|{"FV":"1.0"}|{}', "OCMF"),
        (base64.b64encode(b"OCMF|{}|{}").decode(), "OCMF"),
        ('<?xml version="1.0"?><signedMeterValue/>', "XML"),
        ("AP;0;3;ALCV3ABBBISHMA2RYEGAZE3HV5YQBQR", "ALFEN"),
        ("0901454D48", None),
        ("not base64 ü", None),
    ],
)
def test_formats_are_recognised_by_their_first_letters(data: str, name: str | None) -> None:
    assert looks_like(data) == name


def test_signed_values_of_all_shapes_keep_every_letter() -> None:
    """OCA application note, 3.2.1 and 4.2.1."""
    odd = '{"signedMeterData": 7}'
    found = list(signed_values([
        {"value": "1"}, {"value": " {broken", "format": "SignedData"}, {"value": odd, "format": "SignedData"},
        {"value": 1.0, "signedMeterValue": {"signedMeterData": "QQ==", "encodingMethod": "EDL", "publicKey": ""}},
    ]))  # fmt: skip
    assert [(each.data, each.format, each.public_key) for each in found] == [
        (" {broken", None, None), (odd, None, None), ("QQ==", "EDL", None),
    ]  # fmt: skip


def test_public_keys() -> None:
    """OCA application note, 3.2.2: base64 of oca:<encoding>:<content type>:<key>; anything else as it came."""
    told = public_key(base64.b64encode(b"oca:base64:asn1:MFk=").decode())
    assert (told.encoding, told.content_type, told.key) == ("base64", "asn1", "MFk=")
    assert public_key("oca:base16:asn1:30").key == "30"
    assert public_key("3059").key is None
