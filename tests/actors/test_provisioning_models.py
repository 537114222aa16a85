"""What counts for a station: boot policy, then what is known of its model, then its own settings."""

from typing import Any

import pytest

from actors.provisioning.models import Plate, effective, fits, of_model
from actors.provisioning.shipped import SHIPPED


def test_a_station_s_own_settings_lie_over_its_model_and_that_over_the_policy() -> None:
    plate = Plate("ABB", "TAC-W11-G5-R0", "1.8.0")
    own = {"items_per_message": {"get_variables": 2}, "calm_seconds": 3}
    profiles: list[dict[str, Any]] = [
        {"calm_seconds": 9, "unit": "A"}, {"unit": "W", "items_per_message": {"set_variables": 1}},
    ]  # fmt: skip
    policies: list[dict[str, Any]] = [{"heartbeat_interval": 60, "retry_interval": 5}, {"heartbeat_interval": 30}]
    assert effective(own, policies, plate, profiles) == {
        "heartbeat_interval": 30, "retry_interval": 5, "stack_level_zero_only": True, "calm_seconds": 3, "unit": "W",
        "items_per_message": {"get_variables": 2, "set_variables": 1},
    }
    assert effective({}, [], Plate(), []) == {}


@pytest.mark.parametrize(
    ("pattern", "told", "fitting"),
    [
        (None, None, True), ("*", None, False), ("abb", "ABB", True),
        ("TAC*", "tac-w11", True), ("*w11*", "TAC-W11", True),
        ("TAC", "TAC-W11", False), ("a.c", "abc", False), ("1.*", "1.8.0", True),
    ],
)  # fmt: skip
def test_patterns(pattern: str | None, told: str | None, fitting: bool) -> None:
    assert fits(pattern, told) is fitting


def test_shipped_profiles_name_their_source_and_leave_unknown_stations_alone() -> None:
    assert all(each.source and each.data and (each.vendor or each.model) for each in SHIPPED)
    assert of_model(Plate("Nobody", "Nothing", "0")) == {}


@pytest.mark.parametrize(
    ("pattern", "told", "fit"),
    [
        ("*", "", True), ("ABB", "abb", True), ("ABB", "ABBA", False), ("TAC-*", "tac-W11", True),
        ("a*b*c", "aXbYc", True), ("a*b*c", "acb", False), ("a*a", "a", False), ("a.c", "abc", False),
        ("*11*", "TAC-W11-G5", True),
    ],
)  # fmt: skip
def test_patterns_of_names(pattern: str, told: str, fit: bool) -> None:
    assert fits(pattern, told) is fit


def test_no_pattern_takes_long() -> None:
    assert not fits("a*" * 100 + "b", "a" * 50)  # backtracking would not come back
    assert fits("a*" * 25 + "a", "a" * 50)
