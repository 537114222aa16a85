"""Energy from registers: never negative, never more than the rises shown, whatever the order."""

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.session.energy import Energy, advance, precede
from actors.session.sequence import add, complete, has
from protocol.ocpp.measurands import Sample, Totals, number, totals

registers = st.decimals(0, 10**9, places=3, allow_nan=False)


def after(values: list[Decimal]) -> Energy:
    energy = Energy()
    for value in values:
        energy = advance(energy, value)
    return energy


@given(st.lists(registers))
def test_energy_is_the_sum_of_the_rises_and_resets_are_counted(values: list[Decimal]) -> None:
    energy = after(values)
    rises = sum((max(b - a, Decimal(0)) for a, b in pairwise(values)), Decimal(0))
    assert energy.total == (rises if values else None)
    assert energy.resets == sum(b < a for a, b in pairwise(values))


@given(st.lists(registers, min_size=1), registers)
def test_a_value_from_before_lowers_the_first_only_without_a_reset(values: list[Decimal], before: Decimal) -> None:
    energy = after(values)
    preceded = precede(energy, before)
    assert preceded.total is not None
    assert energy.total is not None
    if energy.resets == 0:
        assert preceded.total == energy.total + max(values[0] - before, Decimal(0))
    else:
        assert preceded == energy
    assert precede(preceded, before) == preceded, "told twice it counts once"


def test_a_value_from_before_the_first_one_begins() -> None:
    assert precede(Energy(), Decimal(7)) == advance(Energy(), Decimal(7))


@given(st.lists(st.integers(0, 30)))
def test_sequence_numbers_are_ranges_of_what_arrived(numbers: list[int]) -> None:
    ranges: tuple[tuple[int, int], ...] = ()
    for value in numbers:
        ranges = add(ranges, value)
    assert {n for n in range(40) if has(ranges, n)} == set(numbers)
    assert all(first[1] < second[0] - 1 for first, second in pairwise(ranges))
    assert complete(ranges) == (not numbers or set(numbers) == set(range(max(numbers) + 1)))


def test_a_station_that_skips_all_the_time_fills_no_memory() -> None:
    ranges: tuple[tuple[int, int], ...] = ()
    for value in range(0, 2000, 2):
        ranges = add(ranges, value)
    assert len(ranges) == 100
    assert has(ranges, 1998)


IMPORT = "Energy.Active.Import.Register"
POWER = "Power.Active.Import"


def sample(
    value: str | float,
    measurand: str = IMPORT,
    *,
    phase: str | None = None,
    location: str | None = None,
    unit: str | None = None,
    multiplier: int = 0,
) -> Sample:
    return value, measurand, phase, location, unit, multiplier


@pytest.mark.parametrize(
    ("samples", "wanted"),
    [
        ([sample("1234.5")], ("1234.5", None, None, None)),
        ([sample("1.2345", unit="kWh")], ("1234.5", None, None, None)),
        ([sample(12.3, unit="Wh", multiplier=2)], ("1230", None, None, None)),
        ([sample(" 0007 ")], ("7", None, None, None)),
        ([sample("1", phase="L1"), sample("2", phase="L2-N"), sample("4", phase="L3")], ("7", None, None, None)),
        ([sample("1", phase="L1"), sample("9"), sample("5", phase="N")], ("9", None, None, None)),
        ([sample("3", phase="L1-L2")], (None, None, None, None)),
        ([sample("5", location="Inlet"), sample("6", location="EV")], (None, None, None, None)),
        ([sample("7", location="Outlet"), sample("6", location="EV")], ("7", None, None, None)),
        ([sample("80", "SoC", location="EV", unit="Percent")], (None, None, None, 80.0)),
        ([sample("180", "SoC")], (None, None, None, None)),
        ([sample("7.4", POWER, unit="kW")], (None, None, 7400.0, None)),
        ([sample("2000", "Power.Active.Export")], (None, None, -2000.0, None)),
        ([sample("-2000", "Power.Active.Export")], (None, None, -2000.0, None)),
        ([sample("3", "Energy.Active.Export.Register", unit="kWh")], (None, "3000", None, None)),
        ([sample("230", "Voltage"), sample("x"), sample(""), sample("nan"), sample("-Infinity")], (None,) * 4),
        ([sample("1e9999999")], (None,) * 4),
        ([sample("1e9999999", unit="kWh", multiplier=12)], (None,) * 4),
        ([sample("-1e9999999")], (None,) * 4),
        ([sample("1e14", unit="kWh")], (None,) * 4),
        ([sample("1", multiplier=99)], (None,) * 4),
    ],
)  # fmt: skip
def test_samples_become_one_reading(samples: list[Sample], wanted: tuple[Any, ...]) -> None:
    found = totals(samples)
    exact = [None if value is None else Decimal(value) for value in wanted[:2]]
    assert found == Totals(exact[0], exact[1], wanted[2], wanted[3])


@given(st.text() | st.floats(allow_nan=False) | st.integers().map(str) | st.sampled_from(("sNaN", "1e-9999999", "١٢")))
def test_any_value_whatever_is_a_number_in_range_or_none(value: str | float) -> None:
    for multiplier, unit in ((0, None), (0, "kWh"), (-12, None), (3, "kW")):
        for measurand in (IMPORT, POWER, "SoC"):
            found = totals([sample(value, measurand, multiplier=multiplier, unit=unit)])
            assert found.import_wh is None or abs(found.import_wh) < Decimal(10) ** 15
    parsed = number(value)
    assert parsed is None or parsed.is_finite()
