"""Every action of every version has an owner and a test, in each direction; every use case is named by tests."""

import pytest

from protocol.ocpp import catalogue
from protocol.ocpp.directions import from_station, from_us
from protocol.ocpp.version import Version
from tests.support.ocpp_coverage import Row, read_csv, rows, use_cases_in


@pytest.fixture(scope="module")
def made() -> list[Row]:
    return rows()


def test_no_row_is_empty(made: list[Row]) -> None:
    assert [f"{row.version} {row.action}" for row in made if not row.handled or not row.tests] == []


@pytest.mark.parametrize("version", list(Version))
def test_every_action_has_a_direction(version: Version) -> None:
    assert from_station(version) | from_us(version) == set(catalogue.actions(version))
    assert from_station(version) & from_us(version) == {"DataTransfer"}


def test_every_use_case_is_named_in_tests() -> None:
    named = use_cases_in("tests")
    assert [each["id"] for each in read_csv("use-cases.csv") if each["id"] not in named] == []
