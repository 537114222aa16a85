"""A walk through use cases: each on a simulated station of its own, driven by REST, its result read by REST.

    CASES = Cases()

    @CASES("E02")                       # of both 2.x versions; @CASES("E17", "2.1"), @CASES("Reset", "1.6")
    async def cable_first(at: Stand) -> None:
        await at.do("plug 1; swipe OPEN-1 1")
        assert (await at.session())["status"] == "active"

`walk` runs all cases of a version side by side on one node and fails with the list of those that did not work. What
belongs to a use case by docs/coverage/use-cases.csv must have been said between its stations and us, and answered:
that is why the coverage page counts these cases.
"""

from __future__ import annotations

import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import httpx
import pytest
import trio

from protocol.ocpp.version import Version
from simulators.script.parse import parse
from simulators.script.run import run_script
from simulators.station.config import StationConfig, make_outlets
from simulators.station.outbox import Failure, Outgoing
from simulators.station.runner import Runner
from tests.support.node import Node
from tests.support.use_cases import messages_of
from tests.support.witness import Said, WitnessedLink

ALL_2X = "2.0.1 2.1"
TOKEN = "OPEN-1"
SPEED = 30.0
_TOGETHER = 8
_CASE_S = 40.0
_SEE_S = 20.0
_QUIET_S = 1.0
_LOOK_S = 0.1
Json = dict[str, Any]


@attrs.define
class Stand:
    """Where one case happens: a station, simulated and connected, and an operator at the API."""

    node: Node
    api: httpx.AsyncClient
    runner: Runner
    link: WitnessedLink
    identity: str
    version: str
    id: str
    case: str

    @property
    def newer(self) -> bool:
        return self.version == "2.1"

    # The station's side

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """For cases whose station is not connected from the beginning."""
        async with _running(self.runner):
            yield

    async def do(self, script: str) -> None:
        """Lines of a simulated station's script."""
        await run_script(parse(script), self.runner)

    async def quiet(self) -> None:
        """Until what the station is saying has its answer, for a moment at most."""
        with trio.move_on_after(_QUIET_S):
            while not self.link.idle:  # noqa: ASYNC110 - the simulated station has no event for it
                await trio.sleep(_LOOK_S)

    async def say(self, action: str, payload: Json) -> Json:
        """A message of the station, as it stands; our answer to it."""
        answered = trio.Event()
        got: list[Json | None] = []

        def done(answer: Json | None, failure: Failure | None, now: datetime) -> None:
            got.append(answer)
            answered.set()

        self.runner.station.outbox.put(Outgoing(action, lambda: payload, done=done))
        with trio.fail_after(_SEE_S):
            await answered.wait()
        assert got[0] is not None, f"{action} was refused"
        return got[0]

    # The operator's side

    async def get(self, path: str, **query: Any) -> Any:
        return good(await self.api.get(path, params=query))

    async def post(self, path: str, body: Any = None) -> Any:
        return good(await self.api.post(path, json={} if body is None else body))

    async def patch(self, path: str, body: Any) -> Any:
        return good(await self.api.patch(path, json=body))

    async def command(self, name: str, /, outcome: str | None = "accepted", **body: Any) -> Json:
        """A neutral command; its answer must have that outcome."""
        answer: Json = await self.post(f"/stations/{self.identity}/commands/{name}", body)
        assert answer["outcome"] == outcome, answer
        return answer

    async def learn(self, component: str, variable: str) -> str:
        """Has the station asked for a variable, so that we know it."""
        item = {"component": {"name": component}, "variable": {"name": variable}}
        told = await self.post(f"/stations/{self.identity}/variables/read", {"items": [item]})
        value: str = told["items"][0]["value"]
        return value

    async def ocpp(self, action: str, payload: Json | None = None) -> Json:
        """An action as it stands; the payload of its answer."""
        answer: Json = await self.post(f"/stations/{self.identity}/ocpp/{action}", payload or {})
        assert answer["status"] == "answered", answer
        payload_: Json = answer["payload"]
        return payload_

    async def see(self, path: str, fits: Callable[[Json], bool] = lambda _: True, /, **query: Any) -> Json:
        """The first of a list, or the resource itself, that fits, as soon as there is one."""
        shown: Any = None
        with trio.move_on_after(_SEE_S):
            while True:
                shown = await self.get(path, **query)
                for each in shown.get("items", [shown]):
                    if fits(each):
                        return dict(each)
                await trio.sleep(_LOOK_S)
        raise AssertionError(f"{path} {query}: nothing fits in {shown}")

    async def until_there(self, path: str, fits: Callable[[Json], Any] = lambda _: True) -> Json:
        """The resource at that address, as soon as it is there and fits."""
        answer: httpx.Response | None = None
        with trio.move_on_after(_SEE_S):
            while True:
                answer = await self.api.get(path)
                if answer.status_code == 200 and fits(shown := answer.json()):
                    return dict(shown)
                await trio.sleep(_LOOK_S)
        raise AssertionError(f"{path}: {'' if answer is None else answer.text}")

    async def of(self, path: str, fits: Callable[[Json], bool] = lambda _: True, /, **query: Any) -> Json:
        """`see` among what is this station's."""
        return await self.see(path, fits, station=self.identity, **query)

    async def event(self, type_: str, /, **data: Any) -> Json:
        """The data of an event about this station, of that type and with these values in it."""
        query = {"type": f"voltyard.{type_}.v1", "limit": 200}
        found = await self.see("/events", lambda event: self._fits(event["data"], data), **query)
        told: Json = found["data"]
        return told

    def _fits(self, told: Json, wanted: Json) -> bool:
        mine = told.get("station_id") == self.id or told.get("station") == self.identity
        return mine and all(told.get(name) == value for name, value in wanted.items())

    async def reported(self, action: str, fits: Callable[[Json], bool] = lambda _: True) -> Json:
        """The payload of a message that the station sent and we keep."""
        found = await self.see(
            f"/stations/{self.identity}/reports", lambda each: fits(each["payload"]), action=action)
        payload: Json = found["payload"]
        return payload

    async def heard(self, action: str, fits: Callable[[Json], bool] = lambda _: True, direction: str = "in") -> Json:
        """A frame of that action, as it is kept."""
        return await self.see(f"/stations/{self.identity}/frames", fits, action=action, direction=direction)

    async def station(self, fits: Callable[[Json], bool] = lambda _: True) -> Json:
        return await self.see(f"/stations/{self.identity}", fits)

    async def status(self, wanted: str, evse: int = 1) -> None:
        """Until a connector shows that status."""
        await self.station(lambda s: any(c["evse"] == evse and c["status"] == wanted for c in s["connectors"]))

    async def session(self, fits: Callable[[Json], bool] = lambda _: True, /, **query: Any) -> Json:
        """The newest session that fits."""
        return await self.of("/sessions", fits, **query)

    async def charging(self, token: str = TOKEN, vehicle: str = "soc 20 battery 60kWh") -> Json:
        """A session that runs at EVSE 1."""
        await self.do(f"plug 1 {vehicle}; swipe {token} 1; until charging 1")
        return await self.session(lambda s: s["status"] == "active")

    async def token(self, uid: str, **settings: Any) -> str:
        """A token of this case's own."""
        name = f"{uid}-{self.case}-{self.version.replace('.', '')}"
        await self.post("/tokens", {"uid": name, **settings})
        return name


def good(answer: httpx.Response) -> Any:
    assert answer.status_code < 300, f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
    return answer.json() if answer.content else None


def later(seconds: float) -> str:
    """A moment from now, as the API and stations write it."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Case = Callable[[Stand], Awaitable[None]]


@attrs.frozen
class Listed:
    """A case: what it is called, where it counts, how its station is made."""

    name: str
    versions: tuple[str, ...]
    run: Case
    settings: Json
    made: Json
    connected: bool


@attrs.define
class Cases:
    """The cases of a file, joined by the decorator that it is."""

    all: list[Listed] = attrs.Factory(list)

    def __call__(
        self, name: str, versions: str = ALL_2X, *, made: Json | None = None, connected: bool = True, **settings: Any
    ) -> Callable[[Case], Case]:
        """`settings`: of StationConfig, and `outlets` or `dc`; `made`: with what the station is created by REST."""

        def keep(case: Case) -> Case:
            self.all.append(Listed(name, tuple(versions.split()), case, settings, made or {}, connected))
            return case

        return keep

    async def walk(self, node: Node, version: str) -> None:
        """Runs all of a version; fails with each one that did not work."""
        wanted = [case for case in self.all if version in case.versions]
        assert wanted, f"there is no case of {version}"
        failed: list[str] = []
        said: dict[str, set[Said]] = {case.name: set() for case in wanted}
        limit = trio.CapacityLimiter(_TOGETHER)
        async with node.async_api() as api, trio.open_nursery() as nursery:
            for number, case in enumerate(wanted):
                nursery.start_soon(_tried, case, number, version, node, api, limit, failed, said[case.name])
        for name, heard in said.items():
            missing = sorted(messages_of(name, Version(version)) - heard)
            failed += [f"{name}: nobody said {each} and had an answer" for each in missing]
        if failed:
            pytest.fail(f"{len(failed)} of {len(wanted)} do not work in {version}:\n" + "\n".join(sorted(failed)))


async def _tried(
    case: Listed, number: int, version: str, node: Node, api: httpx.AsyncClient, limit: trio.CapacityLimiter,
    failed: list[str], said: set[Said],
) -> None:  # fmt: skip
    async with limit:
        try:
            with trio.fail_after(_CASE_S):
                async with _stand(case, number, version, node, api) as stand:
                    await case.run(stand)
                    await stand.quiet()
            said |= stand.link.said
        except Exception as error:  # noqa: BLE001 - each case is told with its own failure, none hides another
            where = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)][-3:]
            failed.append(f"{case.name} {getattr(case.run, '__name__', '')} ({', '.join(where)}): {_said(error)}")


def _said(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"{type(error).__name__}: {str(error)[:1500]}"


@asynccontextmanager
async def _stand(
    case: Listed, number: int, version: str, node: Node, api: httpx.AsyncClient
) -> AsyncIterator[Stand]:
    identity = f"{case.name}-{version.replace('.', '')}-{case.run.__name__[:12]}-{number}"
    made = good(await api.post("/stations", json={"identity": identity, **case.made}))
    settings = dict(case.settings)
    outlets = make_outlets(settings.pop("outlets", 2), dc=settings.pop("dc", False))
    config = StationConfig(identity, Version(version), serial=f"SN-{identity}"[:25], outlets=outlets, **settings)
    runner = Runner(config, f"{node.ocpp}/ocpp", speed=SPEED)
    runner.link = link = WitnessedLink(runner.station)
    stand = Stand(node, api, runner, link, identity, version, made["id"], case.name)
    if not case.connected:
        yield stand
        return
    async with _running(runner):
        assert await runner.first_accepted(20), runner.ended_by
        yield stand


@asynccontextmanager
async def _running(runner: Runner) -> AsyncIterator[None]:
    failure: Exception | None = None
    async with trio.open_nursery() as nursery:
        nursery.start_soon(runner.run)
        try:
            yield
        except Exception as error:  # noqa: BLE001 - raised again below, outside the nursery and so not in a group
            failure = error
        nursery.cancel_scope.cancel()
    if failure is not None:
        raise failure
