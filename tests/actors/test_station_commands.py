"""Commands to stations: sent once it is stored, one at a time, urgent first, and every wait ends."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
import trio

from actors.ports import StoreUnavailable
from actors.records import CommandRecord, FrameRecord, PasswordAcceptedRecord, StationStateRecord
from actors.station.face import CommandResult, Ending, NeutralCommand, RawCommand
from actors.station.phrases import COMMANDS
from actors.station.requests import prepare
from protocol.ocpp import catalogue, credentials
from protocol.ocpp import events as wire
from protocol.ocpp.connection import Connection
from protocol.ocpp.version import Version
from tests.support.memory_world import NOON, STATION, at
from tests.support.station_rig import Rig, rig
from web.api.neutral import COMMANDS as BODIES
from web.api.neutral import EXAMPLES as BODY_EXAMPLES
from web.validation import NotValid, to_struct

CLEAR = RawCommand("ClearCache", {})
CONFIGURATION = RawCommand("GetConfiguration", {})
UNLOCK = NeutralCommand("unlock", {"evse": 1})


def fates(world: Rig) -> list[tuple[str, str]]:
    return [(row.action, row.status) for row in world.kept(CommandRecord)]


async def test_an_answer_comes_back_and_both_frames_and_the_fate_are_kept(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        peer.answers["ClearCache"] = {"status": "Accepted"}
        seen: list[list[tuple[str, str]]] = []
        peer.on_send = lambda _text: seen.append(fates(world))
        result = await world.command(CLEAR)
        assert (result.status, result.payload, result.outcome) == ("answered", {"status": "Accepted"}, "accepted")
        assert seen == [[("ClearCache", "sent")]], "stored before it is sent"
        assert fates(world) == [("ClearCache", "sent"), ("ClearCache", "answered")]
        frames = [(f.direction, f.action, f.outcome) for f in world.kept(FrameRecord)]
        assert frames == [("out", "ClearCache", "sent"), ("in", "ClearCache", "answered")]
        assert world.kept(CommandRecord)[-1].id == result.id


@pytest.mark.parametrize(
    ("command", "status"),
    [
        (RawCommand("ClearCach", {}), "unknown_action"),
        (RawCommand("Reset", {"type": "Warm"}), "invalid_payload"),
        (NeutralCommand("reset", {"kind": "immediate", "evse": 1}), "unsupported"),
        (NeutralCommand("stop", {"session": UUID(int=5)}), "not_found"),
        (NeutralCommand("stop", {"session": "no uuid"}), "not_found"),
        (NeutralCommand("stop", {"transaction_id": "--5"}), "invalid_payload"),
        (NeutralCommand("stop", {"transaction_id": "9" * 5000}), "invalid_payload"),
        (NeutralCommand("stop", {"transaction_id": "abc"}), "invalid_payload"),
    ],
)
async def test_what_is_wrong_is_told_and_nothing_is_sent(
    command: RawCommand | NeutralCommand, status: str, autojump_clock: Any
) -> None:
    async with rig() as world:
        peer = await world.connect()
        result = await world.command(command)
        assert result.status == status
        assert (peer.texts, fates(world)) == ([], [])
        if status == "unknown_action":
            assert "ClearCache" in result.nearest
        if status == "invalid_payload":
            assert result.problems


async def test_what_a_station_only_sends_unasked_cannot_be_asked_of_it(autojump_clock: Any) -> None:
    async with rig() as world:
        await world.connect(Version.V21)
        payload = {"id": 1, "pending": 0, "basetime": at(0), "data": [{"t": 1, "v": "1"}]}
        assert (await world.command(RawCommand("NotifyPeriodicEventStream", payload))).status == "unknown_action"
        assert world.service.counts()["bugs"] == 0


async def test_a_station_that_is_not_there(autojump_clock: Any) -> None:
    async with rig() as world:
        assert (await world.command(CLEAR)).status == "version_unknown"
        world.configure(ocpp_version=Version.V16)
        assert (await world.command(CLEAR)).status == "station_offline"
        peer = await world.connect()
        await peer.hang_up()
        assert (await world.command(CLEAR)).status == "station_offline"
        assert (await world.command(RawCommand("Reset", {}))).status == "invalid_payload"


async def test_an_unchecked_payload_goes_as_it_is(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        peer.answers["Reset"] = lambda call: f'[4,"{call.message_id}","FormationViolation","no",{{"a":1}}]'
        result = await world.command(RawCommand("Reset", {"type": "Hard", "more": [1]}, validate=False))
        assert (result.status, result.error_code, result.error_details) == (
            "station_error", "FormationViolation", {"a": 1},
        )  # fmt: skip
        assert peer.texts[0].endswith('"Reset",{"type":"Hard","more":[1]}]')
        assert fates(world)[-1] == ("Reset", "error")


async def test_an_answer_of_the_wrong_type(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        peer.answers["ClearCache"] = lambda call: f'[3,"{call.message_id}",{{"status":["what"]}}]'
        result = await world.command(CLEAR)
        assert result.status == "invalid_answer"
        assert result.raw is not None
        assert "what" in result.raw
        assert fates(world)[-1] == ("ClearCache", "invalid_answer")


async def test_silence_ends_at_the_timeout_and_a_late_answer_is_kept(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        began = trio.current_time()
        result = await world.command(CLEAR, timeout=7)
        assert (result.status, result.delivery, trio.current_time() - began) == ("station_silent", None, 7)
        call = next(event for event in peer.heard if isinstance(event, wire.CallReceived))
        for _ in range(3):
            await peer.attached.receive(f'[3,"{call.message_id}",{{"status":"Accepted"}}]')
        assert fates(world) == [("ClearCache", "sent"), ("ClearCache", "timeout"), ("ClearCache", "late_answered")]
        assert world.kept(CommandRecord)[-1].answer == {"status": "Accepted"}
        peer.answers["ClearCache"] = {"status": "Rejected"}
        assert (await world.command(CLEAR)).outcome == "rejected"


async def test_the_first_of_two_answers_counts(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        peer.answers["ClearCache"] = lambda call: [
            f'[3,"{call.message_id}",{{"status":"Accepted"}}]',
            f'[3,"{call.message_id}",{{"status":"Rejected"}}]',
            '[3,"never asked",{}]',
        ]
        assert (await world.command(CLEAR)).outcome == "accepted"
        await trio.sleep(1)
        outcomes = sorted(f.outcome for f in world.kept(FrameRecord))
        assert outcomes == ["answered", "duplicate", "sent", "unknown"]
        assert peer.closed is None


@pytest.mark.parametrize("way", ["hang up", "takeover", "removed"])
async def test_a_connection_lost_while_waiting_leaves_the_delivery_unknown(way: str, autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        results: list[CommandResult] = []

        async def ask(command: RawCommand) -> None:
            results.append(await world.command(command))

        async with trio.open_nursery() as nursery:
            nursery.start_soon(ask, CLEAR)
            await trio.sleep(1)
            began = trio.current_time()
            if way == "hang up":
                await peer.hang_up()
            elif way == "takeover":
                await world.connect()
            else:
                await world.service.removed(STATION)
        assert trio.current_time() - began < 1, "at once, not at the timeout"
        assert [(r.status, r.delivery) for r in results] == [("station_silent", "unknown")]
        assert fates(world)[-1] == ("ClearCache", "lost")


async def test_those_that_wait_when_the_station_leaves_were_never_sent(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        results: list[str] = []

        async def ask() -> None:
            results.append((await world.command(CONFIGURATION)).status)

        async with trio.open_nursery() as nursery:
            for _ in range(3):
                nursery.start_soon(ask)
            await trio.sleep(1)
            await peer.hang_up()
        assert sorted(results) == ["station_offline", "station_offline", "station_silent"]
        assert len(peer.texts) == 1


async def test_one_waits_in_another_version_than_it_comes_back_with(autojump_clock: Any) -> None:
    async with rig() as world:
        await world.connect()
        results: list[str] = []

        async def ask() -> None:
            results.append((await world.command(CONFIGURATION)).status)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(ask)
            nursery.start_soon(ask)
            await trio.sleep(1)
            newer = await world.connect(Version.V201)
        assert sorted(results) == ["station_offline", "station_silent"]
        assert (newer.texts, world.service.counts()["bugs"]) == ([], 0)


async def test_what_stops_or_frees_overtakes_what_waits_and_one_is_out_at_a_time(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        out: list[str] = []

        async def later(call: wire.CallReceived, payload: str) -> None:
            await trio.sleep(1)
            out.append("-" + call.action)
            peer.say(f'[3,"{call.message_id}",{payload}]')

        def answer(call: wire.CallReceived) -> None:
            out.append("+" + call.action)
            payload = "{}" if call.action == "GetConfiguration" else '{"status":"Unlocked"}'
            world.nursery.start_soon(later, call, payload)

        peer.answers |= {"GetConfiguration": answer, "UnlockConnector": answer}
        async with trio.open_nursery() as nursery:
            for command in (CONFIGURATION, CONFIGURATION, UNLOCK):
                nursery.start_soon(world.command, command)
                await trio.sleep(0.1)
        assert out == [
            "+GetConfiguration", "-GetConfiguration", "+UnlockConnector", "-UnlockConnector", "+GetConfiguration",
            "-GetConfiguration",
        ]  # fmt: skip


async def test_more_than_may_wait_are_told_to_come_again(autojump_clock: Any) -> None:
    async with rig() as world:
        await world.connect()
        results: list[CommandResult] = []

        async def ask() -> None:
            results.append(await world.command(CLEAR, timeout=5))

        async with trio.open_nursery() as nursery:
            nursery.start_soon(ask)
            await trio.sleep(0.1)
            for _ in range(32):
                nursery.start_soon(ask)
            await trio.sleep(0.1)
            live = world.service.live(STATION)
            assert live is not None
            assert live.waiting_commands == 33
            began = trio.current_time()
            busy = await world.command(CLEAR, timeout=5)
            assert (busy.status, trio.current_time()) == ("station_busy", began)
            assert busy.retry_after
        assert trio.current_time() - began < 5.1, "nobody waits longer than asked for, whoever is before"
        assert [result.status for result in results] == ["station_silent"] * 33
        assert world.service.counts()["waiting_commands"] == 0


async def test_a_patient_one_before_does_not_hold_up_who_has_little_time(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(world.command, CLEAR, 600.0)
            await trio.sleep(0.1)
            began = trio.current_time()
            result = await world.command(CONFIGURATION, timeout=10)
            assert (result.status, result.id, trio.current_time() - began) == ("station_silent", None, 10)
            nursery.cancel_scope.cancel()
        assert len(peer.texts) == 1


async def test_with_the_store_away_nothing_is_sent_and_nothing_is_left_in_flight(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        peer.answers["ClearCache"] = {"status": "Accepted"}
        image = await world.store.load_station("default", "CP1")
        assert image is not None
        world.store.available = False
        with pytest.raises(StoreUnavailable):
            await world.service.command(image.config, CLEAR, timeout=30, requested_by="operator", request_id=None)
        assert (peer.texts, peer.attached.connection.abandon()) == ([], [])
        world.store.available = True
        assert (await world.command(CLEAR)).outcome == "accepted"


async def test_an_answer_is_told_even_when_its_fate_cannot_be_stored(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()

        def answer(call: wire.CallReceived) -> dict[str, Any]:
            world.store.available = False
            return {"status": "Accepted"}

        peer.answers["ClearCache"] = answer
        assert (await world.command(CLEAR)).outcome == "accepted"


class Broken:
    """A connection that fails on one action."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def call(self, action: str, *rest: Any) -> tuple[str, str]:
        if action == "ClearCache":
            raise ZeroDivisionError
        return self._connection.call(action, *rest)


async def test_a_bug_over_one_command_holds_back_no_other(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        peer.answers["GetConfiguration"] = {}
        peer.attached.connection = Broken(peer.attached.connection)  # type: ignore[assignment]
        results: list[str] = []

        async def ask(command: RawCommand) -> None:
            results.append((await world.command(command)).status)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(ask, CLEAR)
            nursery.start_soon(ask, CONFIGURATION)
        assert sorted(results) == ["answered", "station_silent"]
        assert world.service.counts()["bugs"] == 1


@pytest.mark.parametrize(
    ("version", "action", "answer"),
    [
        (Version.V16, "ChangeConfiguration", {"status": "{}"}),
        (Version.V201, "SetVariables", None),
        (Version.V21, "SetVariables", None),
    ],
)
@pytest.mark.parametrize("accepts", [True, False])
async def test_a_new_password_counts_when_the_station_accepts_it_and_is_kept_nowhere(
    version: Version, action: str, answer: Any, accepts: bool, autojump_clock: Any
) -> None:
    async with rig() as world:
        peer = await world.connect(version)
        status = "Accepted" if accepts else "Rejected"
        secret = "Sesame-0123456789abc"
        shape = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": "BasicAuthPassword"}}  # A01.FR.02
        peer.answers[action] = (
            {"status": status} if answer else {"setVariableResult": [{"attributeStatus": status, **shape}]}
        )
        result = await world.command(NeutralCommand("rotate-password", {"password": secret}))
        assert (result.status, result.outcome) == ("answered", "accepted" if accepts else "rejected")
        assert len(world.kept(PasswordAcceptedRecord)) == accepts
        sent = credentials.as_key(secret) if version is Version.V16 else secret
        assert sent in peer.texts[0]
        for text in (secret, sent):
            assert text not in repr(world.store.units)


ARGUMENTS: dict[str, list[dict[str, Any]]] = {
    "start": [{"token": "CAFE"}, {"token": "CAFE", "evse": 2}],
    "stop": [{"transaction_id": "17"}],
    "reset": [{"kind": "immediate"}, {"kind": "on_idle"}, {"kind": "on_idle", "evse": 1}],
    "unlock": [{"evse": 1}, {"evse": 1, "connector": 2}],
    "availability": [
        {"operative": True}, {"evse": 1, "operative": False}, {"evse": 1, "connector": 1, "operative": True}],
    "data-transfer": [{"vendor": "com.example"}, {"vendor": "com.example", "message": "Hi", "data": {"n": 1}}],
    "plug-and-charge": [{"message": "GetInstalledCertificateIds", "payload": {}}],
    "trigger": [{"message": "StatusNotification", "evse": 1}, {"message": "MeterValues", "evse": 1}],
    "clear-cache": [{}],
    "local-list-version": [{}],
    "limit": [
        {"power_w": 11000}, {"evse": 1, "current_a": 8.1}, {"evse": 1, "power_w": None}, {},
        {"evse": 2, "power_w": 3700.5, "until": NOON + timedelta(hours=1)},
    ],
    "rotate-password": [{"password": "0123456789abcdef"}],
}  # fmt: skip


# What the web layer settles before a command goes to the station.
SETTLED: dict[str, dict[str, Any]] = {
    "rotate-password": {"password": "0123456789abcdef"},
    "update-firmware": {"location": "https://files.example/f"},
    "publish-firmware": {"location": "https://files.example/f", "checksum": "d41d8cd98f00b204e9800998ecf8427e"},
    "get-log": {"location": "https://files.example/l"},
}  # fmt: skip


def settled(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    if name in SETTLED and "location" in SETTLED[name]:
        arguments = {key: value for key, value in arguments.items() if key != "url"}
    return SETTLED.get(name, {}) | arguments


def _arguments(name: str) -> list[dict[str, Any]]:
    """The example of the documentation, and what is tried beside it. A `session` has been looked up before this."""
    example = to_struct(BODY_EXAMPLES[name], BODIES[name]).arguments()
    if "session" in example:
        example = {key: value for key, value in example.items() if key != "session"} | {"transaction_id": "17"}
    return [settled(name, example), *ARGUMENTS.get(name, ())]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_neutral_command_is_valid_in_every_version_that_has_it(name: str) -> None:
    had_by = set()
    for version in Version:
        for arguments in _arguments(name):
            made = prepare(version, None, NeutralCommand(name, arguments), now=NOON, token_type=None, number=7)
            if isinstance(made, CommandResult):
                assert made.detail if made.status == "unsupported" else made.problems, made
                continue
            had_by.add(version)
            action = catalogue.find(version, made.action)
            assert action is not None
            assert catalogue.check(action, made.shown) == []
    assert had_by, "no version has a message for it"


# Settled by web/commands, or told elsewhere: `limits` with the answer to the begin (F07), `session` by its id.
ELSEWHERE = {"firmware", "url", "transport", "signed", "session", "limits"}
TOMORROW = "2026-05-05T12:00:00Z"
# For each argument that may be left out, what it is tried with; those in `WITH` go with others.
TRIED: dict[str, Any] = {
    "apn": {"apn": "internet", "apnAuthentication": "NONE"}, "components": [{"component": {"name": "EVSE"}}],
    "connector": 2, "criteria": ["Problem"], "current_a": 7, "data": "x", "default": False,
    "display": {"name": "Main"}, "duration_s": 47, "end": TOMORROW, "evse": 3, "extended": True,
    "from": "2026-05-01T12:00:00Z",
    "group": "G", "id": 47, "ids": [47], "identity": "CP47", "install_at": TOMORROW, "interface": "Wired3",
    "interval": 47,
    "items": [{"component": {"name": "EVSE"}}], "limits": {"max_time_s": 60}, "message_timeout": 47, "monitor": 47,
    "ocpp_version": "OCPP16",
    "password": "47-47-47-47-47-47", "checksum": "47" * 16, "plain": False, "priority": "InFront",
    "profile": {"chargingProfilePurpose": "TxProfile", "id": 1, "stackLevel": 0, "chargingProfileKind": "Relative",
                "chargingSchedule": [
                    {"id": 1, "chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 6}]}]},
    "purpose": "TxDefaultProfile", "report": False, "request_id": 47, "retrieve_at": TOMORROW, "retries": 47,
    "retry_interval": 47,
    "sources": ["EMS"], "stack_level": 4, "start": TOMORROW, "state": "Faulted", "stream": {"interval": 47},
    "tariffs": ["T"], "to": TOMORROW, "token_type": "eMAID", "transaction": True, "transaction_id": "47", "unit": "A",
    "until": TOMORROW, "values": 47, "vpn": {"server": "s", "user": "u", "password": "p", "key": "k", "type": "IKEv2"},
}  # fmt: skip
CERTIFICATE = {"hashAlgorithm": "SHA256", "issuerNameHash": "a", "issuerKeyHash": "b", "serialNumber": "c"}
WITH: dict[tuple[str, str], dict[str, Any]] = {
    ("charging-profiles", "ids"): {"ids": [47]},
    ("charging-profile", "transaction_id"): {
        "evse": 1, "transaction_id": "47", "profile": {"purpose": "TxProfile", "kind": "Relative", "schedules": [
            {"unit": "A", "periods": [{"start_s": 0, "limit": 16}]}]},
    },
    ("der-control", "default"): {"default": False, "control": {"priority": 1, "pctMaxDischargePower": 50,
                                                               "startTime": TOMORROW, "duration": 60.0}},
    ("clear-charging-profile", "id"): {"id": 47},
    ("clear-der-control", "id"): {"default": True, "id": "C"}, ("der-control", "id"): {"id": "C"},
    ("clear-der-control", "type"): {"type": "VoltVar"}, ("der-controls", "id"): {"id": "C"},
    ("der-controls", "type"): {"type": "VoltVar"},
    ("customer-information", "certificate"): {"certificate": CERTIFICATE},
    ("customer-information", "clear"): {"clear": True}, ("customer-information", "token"): {"token": "BEEF"},
    ("customer-information", "customer"): {"customer": "C"},
    ("customer-information", "report"): {"token": "CAFE", "clear": True, "report": False},
    ("data-transfer", "message"): {"vendor": "V", "message": "M"},
    ("installed-certificates", "use"): {"use": "v2g_root"}, ("renew-certificate", "use"): {"use": "v2g"},
    ("renew-certificate", "evse"): {"use": "v2g", "evse": 3},
    ("limit", "current_a"): {"current_a": 7}, ("limit", "power_w"): {"power_w": 47},
    ("monitoring-report", "criteria"): {"criteria": ["delta"]}, ("set-monitor", "stream"): {"stream": {"interval": 47}},
    ("trigger", "custom"): {"message": "CustomTrigger", "custom": "Mine"},
    ("update-firmware", "signature"): {"url": "https://f.example/f", "signature": "s", "signing_certificate": "c"},
    ("update-firmware", "signing_certificate"):
        {"url": "https://f.example/f", "signature": "s", "signing_certificate": "c"},
}  # fmt: skip
ALONE = {("charging-profiles", "ids"), ("clear-charging-profile", "id"), ("customer-information", "certificate"),
         ("customer-information", "customer"), ("limit", "current_a"), ("clear-der-control", "id"),
         ("der-controls", "id")}  # fmt: skip
NOWHERE = {("start", "connector")}  # every version refuses it


def _options(body: type) -> list[str]:
    told = msgspec.structs.fields(body)
    return [each.encode_name for each in told if not each.required and each.name not in ELSEWHERE]


@pytest.mark.parametrize("name", COMMANDS)
def test_nothing_that_is_asked_for_is_left_out_in_silence(name: str) -> None:
    """Every argument that may be given changes what is sent, or is refused with the reason, in every version."""

    def made(version: Version, told: dict[str, Any]) -> Any:
        try:
            arguments = settled(name, to_struct(told, BODIES[name]).arguments())
        except NotValid as refused:
            return bool(refused.errors)
        command = NeutralCommand(name, arguments, vouched=True)
        result = prepare(version, None, command, now=NOON, token_type=None, number=7)
        if isinstance(result, CommandResult):
            assert result.detail or result.problems, result
            return None
        return result.action, result.shown

    for option in _options(BODIES[name]):
        tried = WITH.get((name, option)) or {option: TRIED.get(option)}
        if name == "dynamic-limit":
            tried = {option.removesuffix("_l2").removesuffix("_l3"): -3, option: -4.5}
        base = {key: value for key, value in BODY_EXAMPLES[name].items() if key != option}
        more = tried if (name, option) in ALONE else base | tried
        sent = []
        for version in Version:
            with_it, without = made(version, more), made(version, base)
            if isinstance(with_it, tuple):
                sent.append(version)
                assert with_it != without or more.get(option) is False, f"{option} is lost in {version.value}"
        assert bool(sent) != ((name, option) in NOWHERE), f"{option} was sent nowhere"


@pytest.mark.parametrize("version", list(Version))
def test_a_connector_without_its_evse_is_never_the_whole_station(version: Version) -> None:
    for name, more in (("availability", {"operative": False}), ("trigger", {"message": "MeterValues"})):
        asked = NeutralCommand(name, more | {"connector": 2})
        made = prepare(version, None, asked, now=NOON, token_type=None, number=7)
        assert isinstance(made, CommandResult)
        assert (made.status, [problem.path for problem in made.problems]) == ("invalid_payload", ["/evse"])
    both = NeutralCommand("availability", {"operative": False, "evse": 1, "connector": 2})
    made = prepare(version, None, both, now=NOON, token_type=None, number=7)
    assert isinstance(made, CommandResult) == (version is Version.V16)


def test_every_neutral_command_has_a_body_and_an_example() -> None:
    assert set(BODIES) == set(BODY_EXAMPLES) == set(COMMANDS)


async def test_stop_finds_the_transaction_of_a_session(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        peer.answers["RemoteStopTransaction"] = {"status": "Accepted"}
        start = {"connectorId": 1, "idTag": "CAFE", "meterStart": 1000, "timestamp": at(0)}
        number = (await peer.call("StartTransaction", start) or {})["transactionId"]
        live = world.service.live(STATION)
        assert live is not None
        result = await world.command(NeutralCommand("stop", {"session": str(live.sessions[0].id)}))
        assert result.outcome == "accepted"
        assert peer.texts[-1].endswith(f'{{"transactionId":{number}}}]')


async def test_a_flood_of_calls_and_a_command_do_not_disturb_each_other(autojump_clock: Any) -> None:
    async with rig() as world:
        peer = await world.connect()
        world.store.delay = 0.01
        peer.answers["ClearCache"] = {"status": "Accepted"}
        meter = {"connectorId": 1, "meterValue": [{"timestamp": at(0), "sampledValue": [{"value": "1"}]}]}
        results: list[str] = []

        async def ask() -> None:
            results.append((await world.command(CLEAR)).status)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(ask)
            for _ in range(300):
                assert await peer.call("MeterValues", meter) == {}
        assert results == ["answered"]
        assert peer.closed is None
        await peer.hang_up(Ending.PEER_CLOSED)


async def test_what_a_command_stores_is_no_older_than_what_the_station_says_meanwhile(autojump_clock: Any) -> None:
    """Both write the station's row: a boot is not undone by what a command writes beside it."""
    async with rig() as world:
        world.configure(ocpp_version=Version.V21)
        peer = await world.connect(Version.V21)
        await world.settle()
        peer.answers["RequestStartTransaction"] = {"status": "Accepted"}
        world.store.delay = 1.0
        boot = {"reason": "PowerUp", "chargingStation": {"model": "M", "vendorName": "V"}}
        start = NeutralCommand("start", {"token": "CAFE", "evse": 1, "limits": {"max_time_s": 60}})
        async with trio.open_nursery() as nursery:
            nursery.start_soon(world.command, start)  # it looks up the station and the token: two seconds
            await trio.sleep(1.5)
            nursery.start_soon(peer.call, "BootNotification", boot)
        first, *others = [row for row in world.kept(StationStateRecord) if row.connected_at is not None][-3:]
        assert first.boot is not None
        assert [row.boot for row in others] == [first.boot, first.boot], "beside what each is about"
        assert [bool(row.local.get("known", {}).get("starts")) for row in (first, *others)] == [False, True, True]
