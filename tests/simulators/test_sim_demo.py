"""The demo's plan is sound, and its child process runs until SIGTERM."""

import signal
import sys

import pytest
import trio

from protocol.ocpp.version import Version
from simulators.demo import DemoStation, demo_plan, read_plan, write_plan
from simulators.script.parse import parse
from simulators.script.steps import Plug, Repeat, Swipe, Unplug
from tests.support.tiny_csms import open_csms


@pytest.mark.parametrize("station", demo_plan(), ids=lambda station: station.identity)
def test_each_personality_comes_charges_and_leaves_on_outlets_that_exist(station: DemoStation) -> None:
    steps = [step.statement for step in parse(station.script)]
    assert isinstance(steps[-1], Repeat)
    plugged = {step.evse for step in steps if isinstance(step, Plug)}
    assert plugged == {step.evse for step in steps if isinstance(step, Unplug)} == set(range(1, station.evses + 1))
    swiped = {step.token for step in steps if isinstance(step, Swipe)} - {"STRANGER"}
    assert swiped == set(station.tokens)
    assert len(station.config().outlets) == station.evses


def test_the_plan_has_all_versions_and_its_own_names_and_tokens() -> None:
    plan = demo_plan()
    assert {station.version for station in plan} == set(Version)
    assert len({station.identity for station in plan}) == len(plan) >= 6
    tokens = [token for station in plan for token in station.tokens]
    assert len(set(tokens)) == len(tokens)
    assert all(len(token) <= 16 for token in tokens)


def test_a_plan_survives_being_written_and_read() -> None:
    assert read_plan(write_plan(demo_plan())) == demo_plan()
    broken = write_plan(demo_plan()).replace(b"drive off", b"fly off")
    with pytest.raises(ValueError, match=r"DEMO-AC-01: line 3: `fly off 1`: unknown statement"):
        read_plan(broken)


@pytest.mark.slow
async def test_the_child_process_runs_the_stations_until_sigterm() -> None:
    async with open_csms() as csms:
        command = [sys.executable, "-m", "simulators.demo", "--url", csms.url, "--speed", "3600"]
        process = await trio.lowlevel.open_process(command)
        try:
            names = {station.identity for station in demo_plan()}
            booted = "BootNotification"
            await csms.until(lambda: {who for who, action, _ in csms.calls if action == booted} == names, 20)
            await csms.until(lambda: {"StartTransaction", "TransactionEvent"} <= set(csms.actions()), 20)
            process.send_signal(signal.SIGTERM)
            with trio.fail_after(10):
                assert await process.wait() == 0
        finally:
            if process.poll() is None:
                process.kill()
