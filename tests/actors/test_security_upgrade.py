"""Moving a station up a security profile: its steps, what answers mean, and when it has proved it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from actors.security import upgrade
from actors.security.critical import is_critical
from actors.security.upgrade import Verdict
from actors.station.face import CommandResult, CommandStatus, LiveStation, NeutralCommand, RawCommand
from protocol.ocpp.version import Version

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def state(profile: int = 2, **changes: Any) -> dict[str, Any]:
    begun = upgrade.begin(profile, url="wss://h/ocpp", slot=2, interface="Wired0", root=None, reset="on_idle")
    return begun | changes


@pytest.mark.parametrize(
    ("version", "profile", "password", "root", "expected"),
    [
        (Version.V16, 1, False, None, ["check", "password", "switch", "proof"]),
        (Version.V16, 2, True, "PEM", ["check", "root", "switch", "proof"]),
        (Version.V16, 3, False, None, ["check", "certificate", "switch", "proof"]),
        (Version.V201, 2, False, None, ["check", "password", "slot", "priority", "reset", "proof"]),
        (Version.V21, 3, True, "PEM", ["check", "root", "certificate", "slot", "priority", "reset", "proof"]),
    ],
)
def test_what_has_to_be_done(
    version: Version, profile: int, password: bool, root: str | None, expected: list[str]
) -> None:
    """A05: the prerequisites first (1.6 A05.FR.02–04; 2.x A05.FR.02, A05.FR.03), proof last."""
    now = state(profile, root=root)
    plan = upgrade.steps(version, now, has_password=password)
    assert plan == expected
    walked = []
    while now["step"] != "proof":
        walked.append(now["step"])
        now = upgrade.after(now, plan)
    assert [*walked, "proof"] == expected


def test_what_is_sent() -> None:
    """2.x: the new slot first, the present ones behind it, so that the station can fall back (A05, scenario 1)."""
    told = state(step="slot", priority=[1, 3])
    sent = upgrade.command(told)
    assert isinstance(sent, NeutralCommand)
    assert (sent.name, sent.arguments["slot"], sent.arguments["security_profile"]) == ("network-profile", 2, 2)
    assert upgrade.command(told | {"step": "priority"}) == NeutralCommand("network-priority", {"slots": [2, 1, 3]})
    assert upgrade.command(told | {"step": "back"}) == NeutralCommand("network-priority", {"slots": [1, 3]})
    assert upgrade.command(told | {"step": "reset"}) == NeutralCommand("reset", {"kind": "on_idle"})
    switch = RawCommand("ChangeConfiguration", {"key": "SecurityProfile", "value": "2"})
    assert upgrade.command(told | {"step": "switch"}) == switch
    with pytest.raises(KeyError):
        upgrade.command(told | {"step": "check"})


@pytest.mark.parametrize(("priority", "slot"), [("1", 2), ("1,2,3", 4), ("2", 1), ("", 1), (" 1, x", 2)])
def test_a_slot_that_is_free(priority: str, slot: int) -> None:
    assert upgrade.free_slot(priority) == slot


def result(status: CommandStatus = "answered", outcome: str | None = None, **more: Any) -> CommandResult:
    return CommandResult(uuid4(), status, "SetVariables", Version.V201, outcome=outcome, **more)


def test_what_answers_mean() -> None:
    judge = upgrade.judge
    assert judge("slot", result(outcome="accepted"), 0) == Verdict(go=True)
    assert judge("reset", result(outcome="scheduled"), 0) == Verdict(go=True)
    assert judge("switch", result("station_silent"), 0) == Verdict(go=True)
    assert judge("slot", result("station_silent"), 0) == Verdict(again=True)
    over = judge("slot", result("station_silent"), upgrade.TRIES)
    assert (over.go, over.again) == (False, False)
    refused = judge("priority", result(outcome="rejected", payload={
        "setVariableResult": [{"attributeStatus": "Rejected"}],
    }), 0)  # fmt: skip
    assert "Rejected" in refused.why
    assert "A05.FR.02" in refused.why


def live(profile: int | None, *, connected: timedelta = timedelta(minutes=1), online: bool = True) -> LiveStation:
    return LiveStation(
        uuid4(), online, Version.V201, NOW, NOW + connected, None, None, (), (), (), 0, None, profile
    )


@pytest.mark.parametrize(
    ("seen", "highest", "after", "expected"),
    [
        (live(2), 0, 2, "go"),
        (None, 2, 60, "go"),  # it was here and proved it
        (None, 0, 2, "again"),
        (live(None, online=False), 0, 2, "again"),
        (live(1, connected=-timedelta(hours=1)), 0, 600, "again"),  # it waits until nobody charges
        (live(1), 0, 2, "again"),  # it may try once more
        (live(1), 0, 10, "over"),  # 1.6 A05.FR.08: it fell back
    ],
)
def test_proof_is_that_it_came_back_on_it(seen: LiveStation | None, highest: int, after: int, expected: str) -> None:
    told = state(told_at=NOW.isoformat())
    verdict = upgrade.returned(told, seen, highest, NOW + timedelta(minutes=after))
    assert {"go": verdict.go, "again": verdict.again, "over": bool(verdict.why)}[expected]
    assert not (verdict.go and verdict.why)


@pytest.mark.parametrize(
    ("event", "critical"),
    [("TamperDetectionActivated", True), (" startupofthedevice ", True), ("InvalidMessages", False), ("Own", False)],
)
def test_what_the_specification_calls_critical(event: str, critical: bool) -> None:
    assert is_critical(event) is critical
