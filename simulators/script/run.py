"""Running a script against a living station. Times in scripts are the station's: a speed of 60 makes them shorter."""

from collections.abc import Sequence
from typing import Protocol

from simulators.script import steps
from simulators.script.steps import Statement, Step
from simulators.station import charging
from simulators.station.link import Link
from simulators.station.outlet import OutletState, Status
from simulators.station.power import ChargingState
from simulators.station.vehicle import Vehicle

_LOOK_S = 1.0


class ScriptFailedError(Exception):
    """A step that could not be done or a condition that did not come true in time; the text names line and reason."""


class Stage(Protocol):
    """What a script needs from whoever runs the station."""

    link: Link

    async def sleep(self, station_seconds: float) -> None:
        """Let so much of the station's time pass."""

    async def lose_link(self, station_seconds: float) -> None:
        """Break the connection and keep it away so long."""

    async def reboot(self) -> None:
        """Lose power for a moment."""

    def act(self, statement: Statement) -> None:
        """Do at once what needs no waiting; raises charging.NotPossible."""


async def run_script(script: Sequence[Step], stage: Stage) -> None:
    """Run every step; a step that is not possible is told and ends the script with ScriptFailedError."""
    again: int | None = 0
    if script and isinstance(script[-1].statement, steps.Repeat):
        again = script[-1].statement.times
    rounds = 0
    while again is None or rounds <= again:
        rounds += 1
        for step in script:
            try:
                await _run(step.statement, stage)
            except (charging.NotPossible, TimeoutError) as error:
                raise ScriptFailedError(f"line {step.line}: `{step.text}`: {error}") from error
        if again is None:
            await stage.sleep(_LOOK_S)


async def _run(statement: Statement, stage: Stage) -> None:
    if isinstance(statement, steps.Wait):
        await stage.sleep(stage.link.station.random.uniform(statement.least_s, statement.most_s))
    elif isinstance(statement, steps.Until):
        await _wait_until(statement, stage)
    elif isinstance(statement, steps.LoseLink):
        await stage.lose_link(stage.link.station.random.uniform(statement.least_s, statement.most_s))
    elif isinstance(statement, steps.Reboot):
        await stage.reboot()
    elif not isinstance(statement, steps.Repeat):
        stage.act(statement)


async def _wait_until(wanted: steps.Until, stage: Stage) -> None:
    waited = 0.0
    while not holds(wanted.condition, wanted.evse, stage.link):
        if waited >= wanted.limit_s:
            raise TimeoutError(f"not {wanted.condition} after {wanted.limit_s:.0f} s")
        await stage.sleep(_LOOK_S)
        waited += _LOOK_S


def holds(condition: str, evse: int | None, link: Link) -> bool:
    """Whether a condition of `until` is true now; of several outlets one is enough for all but "idle"."""
    station = link.station
    if condition in ("online", "offline"):
        return (station.online and station.accepted) is (condition == "online")
    if condition == "synced":
        return link.idle and station.online
    outlets = list(station.outlets.values()) if evse is None else [charging.outlet_of(station, evse)]
    if condition == "idle":
        return all(outlet.transaction is None for outlet in outlets)
    return any(_outlet_holds(condition, outlet) for outlet in outlets)


def _outlet_holds(condition: str, outlet: OutletState) -> bool:
    if condition == "charging":
        return outlet.status is Status.CHARGING
    if condition == "charged":
        return outlet.transaction is not None and outlet.vehicle is not None and outlet.vehicle.full
    if condition == "suspended":
        return outlet.flow.state in (ChargingState.SUSPENDED_EV, ChargingState.SUSPENDED_EVSE)
    return outlet.status is Status.AVAILABLE


def vehicle_of(plug: steps.Plug) -> Vehicle:
    """The vehicle a `plug` statement describes."""
    vehicle = Vehicle()
    vehicle.soc = vehicle.soc if plug.soc is None else plug.soc
    vehicle.target_soc = vehicle.target_soc if plug.target is None else plug.target
    vehicle.capacity_wh = plug.battery_wh or vehicle.capacity_wh
    vehicle.max_ac_watts = vehicle.max_ac_watts if plug.ac_watts is None else plug.ac_watts
    vehicle.max_dc_watts = vehicle.max_dc_watts if plug.dc_watts is None else plug.dc_watts
    vehicle.max_discharge_watts = plug.discharge_watts or 0.0
    vehicle.phases = plug.phases or vehicle.phases
    return vehicle
