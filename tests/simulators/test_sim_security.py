"""Which way a simulated station takes, that it never goes back to a less secure one, and its security events."""

from datetime import UTC, datetime

import pytest

from protocol.ocpp.version import Version
from simulators.station import acts, security, settings
from simulators.station.charging import NotPossible
from simulators.station.commands16 import HANDLERS
from simulators.station.config import StationConfig
from simulators.station.runner import make_station
from simulators.station.station import Station

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
USUAL = "ws://h:1/ocpp"


def made(version: Version = Version.V201) -> Station:
    return make_station(StationConfig("CP1", version), NOW)


def test_slots_are_tried_in_order_and_lower_ones_forgotten() -> None:
    """A05.FR.05, A05.FR.06; after attempts in vain the next one (B10)."""
    station = made()
    assert security.way(station, USUAL, 0) == (USUAL, 0)
    station.network_profiles[2] = {"ocppCsmsUrl": "wss://h:2", "securityProfile": 2}
    station.settings.put(settings.PRIORITY, "2,1")
    assert security.way(station, USUAL, 0) == ("wss://h:2", 2)
    assert security.way(station, USUAL, security.ATTEMPTS) == (USUAL, 0)
    station.network_profiles[1] = {"ocppCsmsUrl": USUAL, "securityProfile": 1}
    assert security.way(station, USUAL, security.ATTEMPTS) == (USUAL, 1)
    security.worked(station, 2)
    assert station.settings.text(settings.SECURITY_PROFILE) == "2"
    assert station.settings.text(settings.PRIORITY) == "2"
    assert {security.way(station, USUAL, failures)[0] for failures in range(20)} == {"wss://h:2"}
    assert security.way(made(Version.V16), USUAL, 9) == (USUAL, 0)


def test_a_station_of_1_6_moves_up_by_its_key_and_goes_another_way() -> None:
    """1.6, security extension: SecurityProfile upwards alone, where it knows an address, then it connects anew."""
    urls = {1: "ws://h:1/ocpp", 2: "wss://h:2/ocpp"}
    station = make_station(StationConfig("CP1", Version.V16, profile_urls=urls), NOW)

    def change(value: str) -> str:
        answer = HANDLERS["ChangeConfiguration"](station, {"key": "SecurityProfile", "value": value}, NOW)
        assert isinstance(answer, dict)
        return str(answer["status"])

    assert security.way(station, USUAL, 0) == (USUAL, 0)
    assert [change(value) for value in ("3", "x", "0")] == ["Rejected"] * 3
    relinks = [station.wants_relink]
    assert change("2") == "Accepted"
    assert [*relinks, station.wants_relink] == [False, True]
    assert security.way(station, USUAL, 0) == ("wss://h:2/ocpp", 2)
    assert change("1") == "Rejected"


def test_a_security_event_is_queued_for_the_platform() -> None:
    """A04.FR.01, A04.FR.02: also while it is offline."""
    station = made()
    acts.act(station, "security-event", ["TamperDetectionActivated", "cabinet", "door"], NOW)
    message = station.outbox.take(NOW, accepted=True)
    while message is not None and message.action != "SecurityEventNotification":
        message = station.outbox.take(NOW, accepted=True)
    assert message is not None
    assert message.build() == {
        "type": "TamperDetectionActivated", "timestamp": "2026-03-01T12:00:00.000Z", "techInfo": "cabinet door",
    }  # fmt: skip
    with pytest.raises(NotPossible):
        acts.act(station, "security-event", [], NOW)
