"""A refused vehicle's schedule: its charging profile is sent once more (OCPP 2.0.1 Part 2, K15.FR.13, K16)."""

from typing import Any, cast

import attrs

from actors.station.face import CommandResult, RawCommand
from gateway.worker.charging import HANDLERS
from gateway.worker.outcome import Again, Done, Failed, Tools
from tests.support.memory_world import config

PROFILE = {"id": 7}


@attrs.define
class _Job:
    state: dict[str, Any]
    waits: int = 0


@attrs.define
class _Tools:
    """What the handler uses of the tools."""

    there: bool
    result: CommandResult
    sent: list[Any] = attrs.Factory(list)

    async def station(self, job: Any) -> Any:
        return config() if self.there else None

    async def command(self, job: Any, station: Any, command: Any) -> CommandResult:
        self.sent.append(command)
        return self.result


async def _run(tools: _Tools) -> Any:
    async def keep(state: dict[str, Any]) -> None:
        raise AssertionError("nothing is kept: to send it twice does no harm")

    job = cast(Any, _Job({"evse": 1, "profile": PROFILE}))
    return await HANDLERS["charging-renegotiate"].run(cast(Tools, tools), job, keep)


async def test_the_profile_is_sent_once_more() -> None:
    tools = _Tools(True, CommandResult(None, "answered", payload={"status": "Accepted"}))
    assert await _run(tools) == Done({"status": "Accepted"})
    assert tools.sent == [RawCommand("SetChargingProfile", {"evseId": 1, "chargingProfile": PROFILE})]


async def test_a_station_that_is_gone_ends_it_and_one_that_is_away_is_waited_for() -> None:
    gone = _Tools(False, CommandResult(None, "answered"))
    assert isinstance(await _run(gone), Failed)
    assert gone.sent == []
    away = await _run(_Tools(True, CommandResult(None, "station_offline")))
    assert isinstance(away, Again)
    assert away.waits_for == "online"
    pending = await _run(_Tools(True, CommandResult(None, "not_accepted", detail="the station is pending")))
    assert isinstance(pending, Again)
    assert (pending.waits_for, pending.error) == ("accepted", "the station is pending")
    error = await _run(_Tools(True, CommandResult(None, "station_error", error_code="InternalError")))
    assert isinstance(error, Failed)
    assert "InternalError" in error.error
