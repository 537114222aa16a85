"""What may be sent twice is named; everything else is sent at most once."""

import pytest

from actors.station.repeatable import REPEATABLE, repeatable
from protocol.ocpp import catalogue
from protocol.ocpp.version import Version


def test_all_that_may_be_repeated_exists() -> None:
    known = {name for version in Version for name, action in catalogue.actions(version).items() if action.response}
    assert known >= REPEATABLE


@pytest.mark.parametrize(
    "action",
    [
        "RemoteStartTransaction", "RequestStartTransaction", "Reset", "UnlockConnector", "ReserveNow", "UpdateFirmware",
        "SendLocalList", "DataTransfer", "TriggerMessage", "SetVariableMonitoring", "CustomerInformation",
        "RequestBatterySwap", "ActionOfALaterVersion", "",
    ],
)  # fmt: skip
def test_what_acts_and_what_nobody_has_thought_of_is_sent_once(action: str) -> None:
    assert not repeatable(action)


@pytest.mark.parametrize("action", ["GetVariables", "SetChargingProfile", "RemoteStopTransaction"])
def test_what_is_the_same_when_it_comes_twice_may_be_repeated(action: str) -> None:
    assert repeatable(action)
