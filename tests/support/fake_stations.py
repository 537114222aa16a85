"""Stations, store and passwords for tests of the gateway: kept in memory, with every call noted."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID, uuid4

import trio

from actors.ports import DEFAULT_TENANT, StationConfig, StationImage, StoreUnavailable
from actors.session.instructions import Instruction
from actors.station.face import CommandResult, Ending, Link, LiveSession, LiveStation, NeutralCommand, RawCommand
from protocol.ocpp.version import Version


def station_config(identity: str = "CP1", **changes: Any) -> StationConfig:
    """A station as an operator has set it: profile 0, nothing asked, unless `changes` say otherwise."""
    values: dict[str, Any] = {
        "tenant_id": DEFAULT_TENANT, "tenant_slug": "default", "id": uuid4(), "identity": identity, "name": None,
        "site": None, "admission": "accepted", "security_profile": 0, "highest_profile": 0, "password_hash": None,
        "pending_password_hash": None, "ocpp_version": None, "strict": False, "frame_log": "default", "settings": {},
        "held_off": None,
    }  # fmt: skip
    return StationConfig(**{**values, **changes})


class FakeAttachment:
    """Answers every message with `reply(message)` when that gives something."""

    def __init__(self, link: Link, idle_window: float, reply: Callable[[str | bytes], str | None]) -> None:
        self.link = link
        self.idle_window = idle_window
        self.received: list[str | bytes] = []
        self.ending: Ending | None = None
        self.detached = trio.Event()
        self.violations: list[tuple[int, str, bytes]] = []
        self.gate: trio.Event | None = None  # set: every message waits for it, as for a slow store
        self._reply = reply

    async def receive(self, text: str | bytes) -> None:
        self.received.append(text)
        if self.gate is not None:
            await self.gate.wait()
        answer = self._reply(text)
        if answer is not None:
            await self.link.send(answer)

    async def violated(self, code: int, reason: str, raw: bytes) -> None:
        self.violations.append((code, reason, raw))

    async def detach(self, ending: Ending) -> None:
        self.ending = ending
        self.detached.set()


class FakeStations:
    """Attaches whoever comes; the newest link of a station closes the older one, as the real one does."""

    def __init__(self, reply: Callable[[str | bytes], str | None] = lambda text: None) -> None:
        self.reply = reply
        self.idle_window = 900.0
        self.held: dict[UUID, float] = {}
        self.attachments: list[FakeAttachment] = []
        self.images: list[tuple[StationImage, Version, int]] = []
        self.restricted: list[str | None] = []
        self.failure: BaseException | None = None
        self._holding: dict[UUID, Link] = {}

    def held_off(self, station_id: UUID) -> float | None:
        return self.held.get(station_id)

    async def attach(
        self, image: StationImage, link: Link, version: Version, profile: int, restricted: str | None = None,
        certified: str | None = None,
    ) -> FakeAttachment:
        self.restricted.append(restricted)
        if self.failure is not None:
            raise self.failure
        older = self._holding.get(image.config.id)
        if older is not None:
            older.close(4001, "replaced", Ending.REPLACED)
        self._holding[image.config.id] = link
        attachment = FakeAttachment(link, self.idle_window, self.reply)
        self.attachments.append(attachment)
        self.images.append((image, version, profile))
        return attachment

    def live(self, station_id: UUID) -> LiveStation | None:
        return None

    def live_session(self, station_id: UUID, session_id: UUID) -> LiveSession | None:
        return None

    async def command(
        self,
        station: StationConfig,
        command: RawCommand | NeutralCommand,
        *,
        timeout: float,
        requested_by: str,
        request_id: str | None,
        command_id: UUID | None = None,
        unattended: bool = False,
    ) -> CommandResult:
        return CommandResult(None, "station_offline")

    async def instruct(self, station: StationConfig, instruction: Instruction) -> bool:
        raise NotImplementedError

    async def reconfigured(self, station_id: UUID) -> None:
        return None

    async def removed(self, station_id: UUID) -> None:
        return None

    def counts(self) -> dict[str, int]:
        return {"online": len(self._holding)}


class FakeStore:
    """The part of a store that handshakes need. `away`: it gives no verdict; `delay`: how long it takes."""

    def __init__(self, *configs: StationConfig) -> None:
        self.configs = {config.identity.casefold(): config for config in configs}
        self.away = False
        self.delay = 0.0
        self.asked: list[tuple[str | None, str]] = []

    async def load_station(self, tenant_slug: str | None, identity: str) -> StationImage | None:
        self.asked.append((tenant_slug, identity))
        await trio.sleep(self.delay)
        if self.away:
            raise StoreUnavailable("the database is away")
        config = self.configs.get(identity.casefold())
        return None if config is None else StationImage(config, None, (), ())

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"a handshake has no business with Store.{name}")


class FakePasswords:
    """A stored password is the password itself."""

    def __init__(self) -> None:
        self.verified = 0

    async def verify(self, stored: str, candidates: Sequence[bytes]) -> bool:
        self.verified += 1
        await trio.lowlevel.checkpoint()
        return stored.encode() in candidates


class FakeRefusalStore:
    """Keeps what is written; `away` as in FakeStore."""

    def __init__(self) -> None:
        self.written: list[Any] = []
        self.batches: list[int] = []
        self.away = False

    async def write(self, refusals: Sequence[Any]) -> None:
        await trio.lowlevel.checkpoint()
        if self.away:
            raise StoreUnavailable("the database is away")
        self.batches.append(len(refusals))
        self.written += refusals
