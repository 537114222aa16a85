"""Every action of every version has an owner and is driven, in each direction; so is every use case of OCPP 2.x."""

import json
from datetime import UTC, datetime

import pytest

from protocol.ocpp import catalogue
from protocol.ocpp.directions import from_station, from_us
from protocol.ocpp.version import Version
from simulators.station.config import StationConfig
from simulators.station.runner import make_station
from tests.support.driving import Driver, drivers
from tests.support.ocpp_coverage import Row, empty_rows, rows, undriven_cases
from tests.support.use_cases import messages_of, use_cases
from tests.support.witness import Said, WitnessedLink


@pytest.fixture(scope="module")
def made() -> list[Row]:
    return rows()


def test_no_row_is_empty(made: list[Row]) -> None:
    assert empty_rows(made) == []


def test_a_row_that_is_only_mentioned_is_empty(made: list[Row]) -> None:
    row = next(row for row in made if row.mentioned)
    assert len(empty_rows([Row(row.version, row.action, row.ours, row.handled, (), row.mentioned)])) == 1


@pytest.mark.parametrize("version", list(Version))
def test_every_action_has_a_direction(version: Version) -> None:
    assert from_station(version) | from_us(version) == set(catalogue.actions(version))
    assert from_station(version) & from_us(version) == {"DataTransfer"}


def test_every_use_case_is_driven_in_each_of_its_versions() -> None:
    assert undriven_cases(drivers()) == []


def test_what_nobody_drives_and_what_does_not_exist_is_told() -> None:
    found = [each for each in drivers() if each.name != "E16"] + [Driver("t::x", "E99", (Version.V21,))]
    assert [told.partition(":")[0] for told in undriven_cases(found)] == ["2.1 E16", "2.1 E99"]


def test_the_messages_of_use_cases_exist() -> None:
    for case in use_cases().values():
        said = {each.action for version in case.versions for each in messages_of(case.id, version)}
        assert said == case.sends | case.hears, case.id
        assert all(messages_of(case.id, version) for version in case.versions), case.id


def test_only_what_was_answered_counts_as_said() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    link = WitnessedLink(make_station(StationConfig("CP-1", Version.V201), now))
    [boot] = link.opened(now)
    assert link.said == set()
    answer = {"currentTime": "2026-01-01T00:00:00Z", "interval": 300, "status": "Accepted"}
    told = link.receive(json.dumps([3, json.loads(boot)[1], answer]), now)
    assert link.said == {Said(False, "BootNotification")}
    link.receive(json.dumps([4, json.loads(told[0])[1], "InternalError", "", {}]), now)
    link.receive('[2,"1","ClearCache",{}]', now)
    assert link.said == {Said(False, "BootNotification"), Said(True, "ClearCache")}
