"""Plays a conversation of the corpus: a station and an operator against the station service, in virtual time.

`steps`, in order; each has one of these, and what is expected of it:

- `call`, `payload`: the station asks; `answer` is part of our CALLRESULT, `refused` the code of our CALLERROR
- `late_answer`: the payload that it says to the very first call of ours, long after it
- `broken`: [code, reason, bytes in hexadecimal] of a frame that ended the connection at WebSocket level
- `say`: a text of the station as it stands (`as_old`: on the connection that was replaced)
- `answers`: what it says to our calls from now on, by action; null is silence
- `command`, `arguments` or `action`, `request`: what is wanted of us; `by` who wants it, `timeout`; `result` is part of
  what comes of it, `sent` part of the payload that went out, or false when nothing may; `meanwhile`: do not wait
- `wait` (seconds), `hang_up`, `connect` (version): time and connections; `repeat`: so often, `{n}` the number
- `stored`: records of that name `like` these parts; `count` of them (without: at least one), 0: none
- `heard`: how often each action was asked of the station; `quirks`: those shown; `closed`: [code, ending]
"""

import contextlib
from typing import Any

import msgspec
import trio

from actors import records
from actors.station.face import NeutralCommand, RawCommand
from protocol.ocpp import events as wire
from protocol.ocpp.version import Version
from tests.support.corpus import like, plain
from tests.support.station_rig import Peer, Rig, rig


async def play(case: dict[str, Any]) -> None:
    """Raises AssertionError that names the step."""
    async with rig(heartbeat=case.get("heartbeat", 300)) as world:
        chosen = {name: case[name] for name in ("settings", "strict", "admission") if name in case}
        world.configure(**chosen)
        conversation = _Conversation(world, case)
        await conversation.connect(Version(case["version"]))
        for number, step in enumerate(case["steps"]):
            for turn in range(step.get("repeat", 1)):
                try:
                    await conversation.step(_filled(step, turn) if "repeat" in step else step)
                except AssertionError as error:
                    raise AssertionError(f"step {number}, {step}: {error}") from error
        await world.settle()
        assert world.service.counts()["bugs"] == 0


def _filled(step: Any, number: int) -> Any:
    return msgspec.json.decode(msgspec.json.encode(step).replace(b'"{n}"', str(number).encode()))


def _said(answer: Any) -> Any:
    """`ID` in a text stands for the id of the call."""
    if not isinstance(answer, str):
        return answer
    return lambda call: answer.replace("ID", call.message_id)


class _Conversation:
    def __init__(self, world: Rig, case: dict[str, Any]) -> None:
        self.world = world
        self.identity = case.get("identity", "CP1")
        self.peer: Peer
        self.old: Peer | None = None
        self.answers: dict[str, Any] = {}
        self.results: list[Any] = []

    async def connect(self, version: Version) -> None:
        self.old = getattr(self, "peer", None)
        self.peer = await self.world.connect(version, self.identity)
        self.peer.answers = dict(self.answers)
        await self.world.settle()

    async def step(self, step: dict[str, Any]) -> None:
        match step:
            case {"call": action}:
                await self._call(action, step)
            case {"say": text}:
                peer = self.old if step.get("as_old") else self.peer
                assert peer is not None
                await peer.attached.receive(text)
                await self.world.settle()
            case {"broken": [code, reason, raw]}:
                await self.peer.attached.violated(code, reason, bytes.fromhex(raw))
                await self.world.settle()
            case {"late_answer": payload}:
                [first, *_] = self._heard()
                await self.peer.attached.receive(msgspec.json.encode([3, first.message_id, payload]).decode())
                await self.world.settle()
            case {"answers": answers}:
                self.answers |= {name: _said(answer) for name, answer in answers.items()}
                self.peer.answers = dict(self.answers)
            case {"command": _} | {"action": _}:
                await self._command(step)
            case {"results": wanted}:
                await self.world.settle()
                assert like(self.results, wanted), self.results
            case {"wait": seconds}:
                await trio.sleep(seconds)
                await self.world.settle()
            case {"hang_up": _}:
                await self.peer.hang_up()
                await self.world.settle()
            case {"connect": version}:
                await self.connect(Version(version))
            case {"stored": name}:
                self._stored(name, step)
            case {"heard": wanted}:
                for action, count in wanted.items():
                    assert len(self._heard(action)) == count, f"{action} was asked {len(self._heard(action))} times"
            case {"quirks": wanted}:
                live = self.world.service.live(self.peer.attached.claim.key)
                assert live is not None
                assert {each["code"] for each in live.quirks} == set(wanted), live.quirks
                assert {code for code, count in self.world.service.repairs.items() if count} >= set(wanted)
            case {"closed": wanted}:
                peer = self.old if step.get("as_old") else self.peer
                assert peer is not None
                assert peer.closed is not None
                assert [peer.closed[0], peer.closed[1].value] == wanted
            case {"idle_window": seconds}:
                assert self.peer.attached.idle_window == seconds
            case _:
                raise ValueError(f"no such step: {step}")

    async def _call(self, action: str, step: dict[str, Any]) -> None:
        before = len(self.peer.texts)
        text = msgspec.json.encode([2, f"c{before}", action, step["payload"]]).decode()
        await self.peer.attached.receive(text)
        await self.world.settle()
        told = [msgspec.json.decode(each) for each in self.peer.texts[before:]]
        mine = next((each for each in told if each[0] in (3, 4)), None)
        assert mine is not None, "no answer"
        if "refused" in step:
            assert mine[:1] + mine[2:3] == [4, step["refused"]], mine
        else:
            assert mine[0] == 3, mine
            assert like(mine[2], step.get("answer", {})), mine

    async def _command(self, step: dict[str, Any]) -> None:
        command: NeutralCommand | RawCommand
        if "command" in step:
            command = NeutralCommand(step["command"], step.get("arguments", {}))
        else:
            command = RawCommand(step["action"], step["request"])
        image = await self.world.store.load_station("default", "CP1")
        assert image is not None
        before = len(self._heard())

        async def run() -> None:
            result = await self.world.service.command(
                image.config, command, timeout=step.get("timeout", 30.0), requested_by=step.get("by", "operator"),
                request_id=None, unattended=step.get("by", "").startswith("job:"),
            )  # fmt: skip
            self.results.append(msgspec.to_builtins({
                "status": result.status, "outcome": result.outcome, "payload": result.payload, "detail": result.detail,
            }))  # fmt: skip

        if step.get("meanwhile"):
            self.world.nursery.start_soon(run)
            with contextlib.suppress(trio.TooSlowError):
                with trio.fail_after(0.01):
                    await trio.sleep(1)
            return
        await run()
        await self.world.settle()
        assert like(self.results[-1], step.get("result", {})), self.results[-1]
        sent = [plain_payload(call) for call in self._heard()[before:]]
        if step.get("sent") is False:
            assert sent == []
        elif "sent" in step:
            assert len(sent) == 1, sent
            assert like(sent[0], step["sent"]), sent

    def _heard(self, action: str | None = None) -> list[wire.CallReceived]:
        calls = [each for each in self.peer.heard if isinstance(each, wire.CallReceived)]
        return [each for each in calls if action in (None, each.action)]

    def _stored(self, name: str, step: dict[str, Any]) -> None:
        kept = [plain(each) for each in self.world.kept(getattr(records, name))]
        found = [each for each in kept if like(each, step.get("like", {}))]
        wanted = step.get("count")
        assert len(found) == wanted if wanted is not None else found, f"{len(found)} of {kept[-5:]}"


def plain_payload(call: wire.CallReceived) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(call.payload))
    return {"action": call.action, "payload": told}
