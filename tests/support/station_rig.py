"""The station service in memory, with a protocol connection in the station's role at the other end of each link."""

import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import attrs
import msgspec
import trio

from actors.ports import DEFAULT_TENANT, Consultation, StationConfig
from actors.records import Record
from actors.station.attachment import Attached
from actors.station.face import CommandResult, Ending, LinkClosed, LiveSession, NeutralCommand, RawCommand
from actors.station.service import StationService, stations
from protocol.ocpp import catalogue
from protocol.ocpp import events as wire
from protocol.ocpp.connection import Connection, Role
from protocol.ocpp.version import Version
from tests.support.memory_store import MemoryStore
from tests.support.memory_world import NOON, config, token

Said = dict[str, Any] | str | list[str] | None
Answer = Said | Callable[[wire.CallReceived], Said]


class RigClock:
    """The clock port: trio's time from noon on, and a jump when the test says so."""

    def __init__(self) -> None:
        self.start = trio.current_time()
        self.jump = timedelta()

    def now(self) -> datetime:
        return NOON + timedelta(seconds=trio.current_time() - self.start) + self.jump

    def monotonic(self) -> float:
        return trio.current_time()


class Outside:
    """Whom actors tell; keeps what it hears."""

    quiet = False

    def __init__(self) -> None:
        self.heard: list[LiveSession] = []

    def measured(self, tenant_id: UUID, session: LiveSession) -> None:
        self.heard.append(session)


class Services:
    """Whom actors ask outside: answers by kind as the test set them, after `seconds`."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.asked: list[Consultation] = []
        self.passed: list[Consultation] = []
        self.seconds = 0.0

    def passed_over(self, tenant_id: UUID, station_id: UUID, asked: Consultation) -> None:
        self.passed.append(asked)

    async def consult(self, tenant_id: UUID, station_id: UUID, asked: Consultation) -> Any:
        self.asked.append(asked)
        await trio.sleep(self.seconds)
        return self.answers.get(asked.kind)


class Peer:
    """A station and its link. Implements `actors.station.face.Link` for the service's side.

    `answers`: what it says to each action: a payload, a raw text, a function of the call, or None for silence.
    """

    remote_address = "192.0.2.7"

    def __init__(self, rig: "Rig", version: Version) -> None:
        self.rig = rig
        self.attached: Attached
        self.connection = Connection(version, Role.STATION, new_id=lambda: f"s{next(rig.numbers)}")
        self.answers: dict[str, Answer] = {}
        self.heard: list[wire.Event] = []
        self.texts: list[str] = []
        self.closed: tuple[int, Ending] | None = None
        self.on_send: Callable[[str], None] = lambda _text: None
        self._in, self._out = trio.open_memory_channel[str | bytes](100)

    async def send(self, text: str | bytes) -> None:
        await trio.lowlevel.checkpoint()
        if self.closed is not None:
            raise LinkClosed
        told = text.decode() if isinstance(text, bytes) else text
        self.on_send(told)
        self.texts.append(told)
        for event in self.connection.receive(told, trio.current_time()):
            self.heard.append(event)
            if isinstance(event, wire.CallReceived):
                self._answer(event)
            elif isinstance(event, wire.CallRefused):
                self._answer_refused(event)

    def close(self, code: int, reason: str, ending: Ending) -> None:
        if self.closed is None:
            self.closed = code, ending
            self.rig.nursery.start_soon(self.attached.detach, ending)

    def _answer(self, call: wire.CallReceived) -> None:
        answer = self.answers.get(call.action)
        if callable(answer):
            answer = answer(call)
        if isinstance(answer, dict):
            kind = catalogue.actions(self.connection.version)[call.action]
            answer = self.connection.reply(call, kind.decode_response(msgspec.json.encode(answer)))
        for text in answer if isinstance(answer, list) else [answer]:
            if isinstance(text, str):
                self._in.send_nowait(text)

    def _answer_refused(self, call: wire.CallRefused) -> None:
        """What is not valid is refused, unless the test has a payload for it: some stations take anything."""
        answer = self.answers.get(call.action or "")
        taken = isinstance(answer, dict)
        self.say(f'[3,"{call.message_id}",{msgspec.json.encode(answer).decode()}]' if taken else call.reply_text)

    async def read(self) -> None:
        """The link's reader: one message after the other."""
        async for text in self._out:
            await self.attached.receive(text)

    def say(self, text: str | bytes) -> None:
        """A text of the station, as it stands."""
        self._in.send_nowait(text)

    async def call(self, action: str, payload: dict[str, Any], *, timeout: float = 60.0) -> dict[str, Any] | None:
        """A call of the station: the payload of the answer, None without one (`heard` then says more)."""
        kind = catalogue.actions(self.connection.version)[action]
        request = kind.decode_request(msgspec.json.encode(payload))
        number, text = self.connection.call(action, request, trio.current_time(), timeout)
        before = len(self.heard)
        await self.attached.receive(text)
        if any(actor._consulting for actor in self.rig.service._actors.values()):  # somebody outside is asked first
            await self.rig.settle()
        self.connection.expire(float("inf"))
        for event in self.heard[before:]:
            if isinstance(event, wire.ReplyReceived) and event.message_id == number:
                told: dict[str, Any] = msgspec.json.decode(catalogue.encode(event.payload))
                return told
        return None

    async def hang_up(self, ending: Ending = Ending.PEER_CLOSED) -> None:
        if self.closed is None:
            self.closed = 1000, ending
        await self.attached.detach(ending)


@attrs.define
class Rig:
    nursery: trio.Nursery
    store: MemoryStore
    clock: RigClock
    outside: Outside
    service: StationService
    services: Services
    numbers: Any = attrs.field(factory=lambda: count(1))

    async def connect(
        self, version: Version = Version.V16, identity: str = "CP1", certified: str | None = None
    ) -> Peer:
        """As the gateway does it."""
        image = await self.store.load_station("default", identity)
        assert image is not None
        peer = Peer(self, version)
        peer.attached = await self.service.attach(image, peer, version, 0, certified=certified)
        self.nursery.start_soon(peer.read)
        return peer

    async def settle(self) -> None:
        """Until nothing more happens now."""
        await self.service.drained()

    async def command(
        self, command: RawCommand | NeutralCommand, timeout: float = 30.0, command_id: UUID | None = None
    ) -> CommandResult:
        image = await self.store.load_station("default", "CP1")
        assert image is not None
        return await self.service.command(
            image.config, command, timeout=timeout, requested_by="operator", request_id="r1", command_id=command_id
        )

    def configure(self, **changes: Any) -> StationConfig:
        changed = config(**changes)
        self.store.put_station(changed)
        return changed

    def kept(self, kind: type[Record]) -> list[Any]:
        """All records of a kind that are on disk."""
        return list(self.store.records(kind))


@contextlib.asynccontextmanager
async def rig(*, heartbeat: int = 300, deadline: float = 20.0) -> AsyncIterator[Rig]:
    """A service with one known station CP1 and one token CAFE."""
    clock, outside, services, numbers = RigClock(), Outside(), Services(), count(1)
    store = MemoryStore(deadline=deadline, now=clock.now)
    store.put_station(config())
    store.put_token(DEFAULT_TENANT, token("CAFE"))
    made = stations(store, clock, outside, lambda: UUID(int=next(numbers)), heartbeat=heartbeat, services=services)
    async with (
        made as service,
        trio.open_nursery() as nursery,
    ):
        yield Rig(nursery, store, clock, outside, service, services)
        nursery.cancel_scope.cancel()
