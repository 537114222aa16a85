"""The script language: what it reads, what it refuses and with which words; and running it on a real loopback."""

import re
from functools import partial
from pathlib import Path

import pytest
import trio
from click.testing import CliRunner

from protocol.ocpp.version import Version
from simulators.cli import simulate
from simulators.script import steps
from simulators.script.parse import USAGE, ScriptError, parse
from simulators.script.run import ScriptFailedError, run_script
from simulators.station.config import StationConfig
from simulators.station.runner import Runner
from tests.support.tiny_csms import open_csms


def test_statements_are_read_from_lines_and_between_semicolons() -> None:
    script = parse("""
        plug 1 soc 20% battery 60kWh power 11kW phases 1   # a small car
        swipe T1 1; wait 5s..2m; until charged 1 within 3h
        misbehave: flood 500; misbehave: clock in 1970; behave
        lose link 10s; fault 1; clear fault 1; drive off 1; say good bye; repeat 3
    """)
    assert [step.statement for step in script] == [
        steps.Plug(1, soc=20, battery_wh=60_000, ac_watts=11_000, phases=1), steps.Swipe("T1", 1),
        steps.Wait(5, 120), steps.Until("charged", 1, 10_800), steps.Misbehave("flood", 500),
        steps.Misbehave("clock in 1970", 1000), steps.Behave(), steps.LoseLink(10, 10), steps.Fault(1, "OtherError"),
        steps.Fault(1, None), steps.Unplug(1), steps.Say("good bye"), steps.Repeat(3)]
    assert [step.line for step in script][:3] == [2, 3, 3]


def test_a_message_made_by_hand_takes_the_rest_of_its_line() -> None:
    [sent, acted] = parse('send NotifyEvent {"a": "x; y # z", "b": [1]}\nact sign-certificate V2G')
    assert sent.statement == steps.Send("NotifyEvent", {"a": "x; y # z", "b": [1]})
    assert acted.statement == steps.Act("sign-certificate", ("V2G",))
    assert parse("send Heartbeat")[0].statement == steps.Send("Heartbeat", {})


@pytest.mark.parametrize("text", [
    "send", "send Heartbeat {", "act",
    "plug", "plug zero", "plug 1 soc", "plug 1 colour red", "plug 1 soc 120", "plug 1 phases 4", "swipe", "drive 1",
    "wait", "wait 5", "wait 5s..2s", "until rich", "until charged x", "lose link", "fault 1 Sadness", "clear 1",
    "misbehave: politely", "misbehave: flood many", "behave now", "repeat often", "unplug 1 2"])
def test_a_wrong_statement_is_refused_with_line_and_usage(text: str) -> None:
    with pytest.raises(ScriptError) as caught:
        parse(f"\n{text}")
    assert str(caught.value).startswith(f"line 2: `{text}`: ")
    assert USAGE[text.split()[0].rstrip(":")] in str(caught.value)


def test_an_unknown_statement_names_those_there_are() -> None:
    with pytest.raises(ScriptError, match=re.escape("line 1: `dance`: unknown statement; allowed are plug, swipe")):
        parse("dance")
    with pytest.raises(ScriptError, match="repeat must be the last"):
        parse("repeat; plug 1")


async def test_messages_made_by_hand_are_checked_and_sent() -> None:
    async with open_csms() as csms:
        await _perform(csms.url, 'send SecurityEventNotification {"type": "x", "timestamp": "2026-01-01T00:00:00Z"}',
                       Version.V201)
        assert "SecurityEventNotification" in str(csms.calls)
        with pytest.raises(ExceptionGroup) as caught:
            await _perform(csms.url, 'send SecurityEventNotification {"type": 1}', Version.V201)
        assert "timestamp" in str(caught.value.exceptions)


async def _perform(url: str, script: str, version: Version, *, speed: float = 600) -> Runner:
    runner = Runner(StationConfig("CP1", version), url, speed=speed)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(runner.run)
        with trio.fail_after(20):
            await run_script(parse(script), runner)
            while not runner.link.idle:  # noqa: ASYNC110 - the link is pure and has no event to wait on
                await trio.sleep(0.02)
        nursery.cancel_scope.cancel()
    return runner


@pytest.mark.slow
@pytest.mark.parametrize("version", list(Version), ids=str)
async def test_a_script_on_a_real_socket(version: Version) -> None:
    async with open_csms() as csms:
        script = "until online; plug 1 soc 50; swipe T1; wait 20m; lose link 5m; until online; drive off 1"
        runner = await _perform(csms.url, script, version)
        assert csms.actions().count("BootNotification") == 1
        assert runner.connections == 2
        assert runner.station.outlets[1].meter.whole_wh > 3000
        last = "StopTransaction" if version is Version.V16 else "TransactionEvent"
        assert last in csms.actions()


async def test_a_password_and_its_change() -> None:
    async with open_csms() as csms:
        runner = Runner(StationConfig("CP1", Version.V16, password="first-password-1"), csms.url)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(runner.run)
            await csms.until(lambda: csms.actions().count("StatusNotification") == 2)
            await csms.ask("CP1", "ChangeConfiguration", {"key": "AuthorizationKey", "value": "second-password-2"})
            await csms.until(lambda: len(csms.headers) == 2)
            nursery.cancel_scope.cancel()
        first, second = (headers[b"authorization"] for headers in csms.headers)
        assert first != second


async def test_a_reset_by_the_platform_reboots_over_the_wire() -> None:
    async with open_csms() as csms:
        runner = Runner(StationConfig("CP1", Version.V201), csms.url, speed=100)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(runner.run)
            await csms.until(lambda: "StatusNotification" in csms.actions())
            answer = await csms.ask("CP1", "Reset", {"type": "Immediate"})
            assert answer[2] == {"status": "Accepted"}
            await csms.until(lambda: csms.actions().count("BootNotification") == 2)
            nursery.cancel_scope.cancel()
        boots = [payload["reason"] for _, action, payload in csms.calls if action == "BootNotification"]
        assert boots == ["PowerUp", "RemoteReset"]


@pytest.mark.slow
async def test_a_refused_handshake_waits_for_retry_after() -> None:
    async with open_csms() as csms:
        csms.refuse = [(503, [(b"Retry-After", b"1")])]
        began = trio.current_time()
        runner = await _perform(csms.url, "until online", Version.V16)
        assert runner.refusals == {503: 1}
        assert trio.current_time() - began >= 1.0


async def test_a_step_that_is_not_possible_names_line_and_reason() -> None:
    async with open_csms() as csms:
        runner = Runner(StationConfig("CP1", Version.V16), csms.url)
        with pytest.raises(ScriptFailedError, match="line 2: `plug 3`: there is no EVSE 3"):
            await run_script(parse("until offline\nplug 3"), runner)
        with pytest.raises(ScriptFailedError, match="not charging after 1 s"):
            await run_script(parse("until charging within 1s"), runner)


@pytest.mark.slow
async def test_the_station_command_runs_a_script_and_exits(tmp_path: Path) -> None:
    file = tmp_path / "day.txt"
    file.write_text("until online\nplug 1\nswipe T1\nwait 10m\ndrive off 1\n")
    async with open_csms() as csms:
        arguments = ["station", "--url", csms.url, "--id", "CP7", "--version", "1.6", "--script", str(file),
                     "--speed", "600", "--exit"]
        result = await trio.to_thread.run_sync(partial(CliRunner().invoke, simulate, arguments))
        assert result.exit_code == 0, result.output
        assert csms.actions("CP7")[-1] in ("StopTransaction", "StatusNotification")
        assert "StopTransaction" in csms.actions("CP7")
        assert "transaction on 1 began" in result.output


@pytest.mark.slow
async def test_a_script_waits_for_the_boot_and_manners_do_not() -> None:
    async with open_csms() as csms:
        for identity, script in (("CP8", "plug 1; swipe T1"), ("CP9", "misbehave: no boot; plug 1; swipe T1")):
            arguments = ["station", "--url", csms.url, "--id", identity, "--do", script, "--exit"]
            result = await trio.to_thread.run_sync(partial(CliRunner().invoke, simulate, arguments))
            assert result.exit_code == 0, result.output
        events = [payload for _, action, payload in csms.calls if action == "TransactionEvent"]
        assert len(events) == 2
        assert not any(payload.get("offline") for payload in events)
        assert csms.actions("CP8")[0] == "BootNotification"
        assert "BootNotification" not in csms.actions("CP9")


def test_the_station_command_explains_a_wrong_script() -> None:
    result = CliRunner().invoke(simulate, ["station", "--do", "plug 1; fly"])
    assert result.exit_code == 2
    assert "line 1: `fly`: unknown statement" in result.output
