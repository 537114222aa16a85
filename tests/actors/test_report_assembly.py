"""Reports in parts: complete when all are there, whatever their order (OCPP 2.0.1 Part 2, B07.FR.09)."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from actors.report.assembly import MOST_PARTS, SILENCE, Assembly, add, begin, silent

NOW = datetime(2026, 5, 4, tzinfo=UTC)


def told(*parts: tuple[int, bool]) -> Assembly:
    assembly = begin("NotifyReport", 7, NOW)
    for number, more in parts:
        assembly = add(assembly, number, more, NOW)
    return assembly


@given(st.integers(1, 12).flatmap(lambda n: st.permutations(range(n))), st.integers(0, 11))
def test_any_order_with_repeats_is_complete_at_the_end_and_not_before(order: list[int], repeated: int) -> None:
    last = len(order) - 1
    assembly = begin("NotifyReport", 7, NOW)
    for place, number in enumerate([order[repeated % len(order)], *order]):
        assembly = add(assembly, number, number != last, NOW)
        assert assembly.complete == ({*order[:place], order[repeated % len(order)]} == set(order))
    assert assembly.missing == []


def test_what_is_missing_is_told() -> None:
    assembly = told((0, True), (4, False), (2, True))
    assert (assembly.complete, assembly.missing) == (False, [1, 3])
    assert told((3, True)).missing == [0, 1, 2]


def test_one_part_that_is_the_last_is_all() -> None:
    assert told((0, False)).complete


def test_a_station_that_goes_on_after_its_last_part_is_believed() -> None:
    assembly = told((0, True), (1, False), (2, True))
    assert not assembly.complete
    assert add(assembly, 3, False, NOW).complete


def test_numbers_beyond_all_reason_count_for_nothing() -> None:
    assembly = told((-1, True), (MOST_PARTS, False), (2**31 - 1, True))
    assert assembly.seen == frozenset()
    assert assembly.missing == []


def test_silence_ends_it() -> None:
    assembly = add(begin("NotifyReport", 7, NOW), 0, True, NOW)
    assert not silent(assembly, NOW + SILENCE - timedelta(seconds=1))
    assert silent(assembly, NOW + SILENCE)
