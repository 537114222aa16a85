"""Figures, what they should be, and what was reached."""

import statistics
from collections.abc import Sequence

import attrs


@attrs.frozen
class Goal:
    """What a figure should be. `at_least` and `aim` in `unit`; `more`: more is better."""

    key: str
    what: str
    unit: str
    at_least: float
    aim: float
    more: bool


GOALS = (
    Goal("share_of_floor", "durable MeterValues, 50 stations: full path as a share of the floor", "", 0.33, 0.5, True),
    Goal("cpu_us", "processor time of our process per such message", "µs", 200, 100, False),
    Goal("times_less_than_yardstick", "the same with the database's: times less than the yardstick", "x", 4, 8, True),
    Goal("memory_kb", "memory per idle connected station", "kB", 25, 15, False),
    Goal("storm_seconds", "all stations redial at once, with passwords: all booted", "s", 45, 15, False),
    Goal("tls_storm_seconds", "2,000 stations with TLS redial at once: all booted", "s", 60, 20, False),
    Goal("command_p99_ms", "raw command round trip at half load, p99", "ms", 50, 20, False),
    Goal("base_report_s", "a base report of 3,000 variables stored after its last part", "s", 1.0, 0.2, False),
    Goal("frames_search_s", "searching the frame log, the slowest of all kinds", "s", 1.0, 0.3, False),
    Goal("big_table_share", "the same path with many values stored, against an empty database", "", 0.9, 1.0, True),
)


@attrs.frozen
class Figure:
    """A goal and what was reached, in the goal's unit. `note`: how it was taken, when not as meant."""

    goal: Goal
    reached: float
    note: str = ""

    @property
    def verdict(self) -> str:
        """"aim", "at least" or "missed"."""
        return verdict(self.goal, self.reached)


def verdict(goal: Goal, reached: float) -> str:
    """What was reached of a goal."""
    sign = 1 if goal.more else -1
    if reached * sign >= goal.aim * sign:
        return "aim"
    return "at least" if reached * sign >= goal.at_least * sign else "missed"


def figure(key: str, reached: float, note: str = "") -> Figure:
    """The figure of that goal. KeyError for an unknown one."""
    return Figure({goal.key: goal for goal in GOALS}[key], reached, note)


def ratio(over: float, under: float) -> float:
    """A quotient; 0 when nothing was measured below."""
    return over / under if under else 0.0


def median(values: Sequence[float]) -> float:
    """0 of nothing."""
    return statistics.median(values) if values else 0.0
