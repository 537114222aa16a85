"""Goals, verdicts and the arithmetic from measurements to figures."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import pytest
from click.testing import CliRunner

from simulators.bench import big_table, machine, meter_values, report
from simulators.bench.__main__ import Options, bench
from simulators.bench.figures import GOALS, figure, median, ratio
from simulators.bench.measure import Measured
from simulators.bench.rows import pieces_of


@pytest.mark.parametrize(("key", "reached", "verdict"), [
    ("share_of_floor", 0.5, "aim"), ("share_of_floor", 0.49, "at least"), ("share_of_floor", 0.32, "missed"),
    ("cpu_us", 100, "aim"), ("cpu_us", 101, "at least"), ("cpu_us", 201, "missed"),
    ("storm_seconds", 15.1, "at least"), ("big_table_share", 0.89, "missed")])
def test_more_is_better_or_less_is(key: str, reached: float, verdict: str) -> None:
    assert figure(key, reached).verdict == verdict


def test_every_goal_aims_beyond_what_it_asks_for_at_least() -> None:
    for goal in GOALS:
        assert goal.aim > goal.at_least if goal.more else goal.aim < goal.at_least


def test_nothing_measured_divides_nothing() -> None:
    assert ratio(5, 0) == 0
    assert ratio(6, 3) == 2
    assert median([]) == 0


def _one(subject: str, per_second: float, own: float, database: float = 0.0, *, together: bool = False) -> Measured:
    return Measured(subject=subject, together=together, messages=100, per_second=per_second, subject_us=own,
                    database_us=database, load_us=10, subject_share=1, load_share=0.3, foreign_share=0, p50_ms=1,
                    p95_ms=2, p99_ms=3, max_ms=4, rows=None if subject == "floor" else 100)


def test_figures_are_made_of_medians_over_rounds() -> None:
    found = [
        *(_one("floor", rate, 60) for rate in (10_000, 12_000, 1)),
        *(_one("full", rate, own, 20) for rate, own in ((5000, 150), (6000, 130), (6000, 900))),
        _one("yardstick", 900, 600, 200),
        _one("full", 5000, 120, 30, together=True),
        _one("yardstick", 900, 700, 200, together=True),
        _one("yardstick_uvloop", 900, 500, 250, together=True)]
    by_key = {one.goal.key: one for one in meter_values.figures(found)}
    assert by_key["share_of_floor"].reached == pytest.approx(0.6)
    assert by_key["cpu_us"].reached == 150
    assert by_key["times_less_than_yardstick"].reached == pytest.approx(6)
    assert "5.0 x" in by_key["times_less_than_yardstick"].note
    assert meter_values.summary(found)["rows_written"] == 400


def test_fewer_rows_than_meant_are_told() -> None:
    assert "meant for" in big_table.figures({"rows": 1000, "share": 1.0})[0].note
    assert "meant for" not in big_table.figures({"rows": big_table.MEANT_ROWS, "share": 1.0})[0].note


def test_rows_are_spread_over_days_and_never_lie_in_the_future() -> None:
    today = datetime(2026, 3, 5, tzinfo=UTC)
    now = today + timedelta(hours=1)
    pieces = list(pieces_of(1_234_567, today, now))
    assert sum(piece.last - piece.first + 1 for piece in pieces) == 1_234_567
    assert all(piece.day + piece.last * piece.step < min(now, piece.day + timedelta(days=1)) for piece in pieces)
    assert len({piece.day for piece in pieces}) == 10
    assert list(pieces_of(3, today, today))  # at midnight, with fewer rows than days


def test_quick_under_what_was_given() -> None:
    assert Options.chosen(quick=True, seconds=None, rows=5).rows == 5
    assert Options.chosen(quick=True, seconds=None).seconds < Options.chosen(quick=False, seconds=None).seconds
    assert Options.chosen(quick=False, fleet=None).fleet == 10_000


def test_the_reader_is_told_when_the_machine_was_not_ours() -> None:
    assert machine.warnings(0.1, 2, 0.01) == []
    assert len(machine.warnings(2.0, 1, 0.3)) == 3


def test_what_is_kept_can_be_read_again(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "result.json"
    report.store(path, [figure("cpu_us", 90)], {"x": 1}, machine.describe(),
                 attrs.asdict(Options.chosen(quick=True)), ["one"])
    kept = json.loads(path.read_text())
    assert kept["figures"][0] | {"verdict": "aim", "reached": 90} == kept["figures"][0]
    assert kept["machine"]["packages"]["trio"]


def test_a_wrong_part_is_refused_with_those_there_are() -> None:
    result = CliRunner().invoke(bench, ["metervalues"])
    assert result.exit_code == 2
    assert "meter-values" in result.output
