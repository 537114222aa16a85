"""The demo site: a handful of stations of all three versions with cars that come, charge and leave.

`demo_plan()` is data for whoever creates stations and tokens; `python -m simulators.demo --url …` runs the stations
until SIGTERM or SIGINT.
"""

import signal
from pathlib import Path

import attrs
import click
import orjson
import trio

from protocol.ocpp.version import Version
from simulators.script.parse import ScriptError, parse
from simulators.script.run import ScriptFailedError, run_script
from simulators.station import charging
from simulators.station.config import StationConfig, make_outlets
from simulators.station.runner import Runner

AGAIN_AFTER_S = 5.0
DEFAULT_SPEED = 20.0
SPREAD_S = 2.0
BOOT_S = 60.0


@attrs.frozen
class DemoStation:
    """One station of the demo. `tokens` may charge there; `script` is its personality, run again and again."""

    identity: str
    name: str
    version: Version
    vendor: str
    model: str
    tokens: tuple[str, ...]
    script: str
    evses: int = 1
    dc: bool = False
    max_amps: float = 32.0
    max_watts: float = 150_000.0
    password: str | None = None

    def config(self) -> StationConfig:
        """The station to simulate."""
        outlets = make_outlets(self.evses, dc=self.dc, max_amps=self.max_amps, max_watts=self.max_watts)
        return StationConfig(self.identity, self.version, self.vendor, self.model, f"SN-{self.identity}",
                             outlets=outlets, password=self.password)


_COMMUTER = """
wait 5m..30m; plug 1 soc 45% battery 58kWh power 11kW; wait 20s; swipe {t} 1
until charged 1 within 8h; wait 10m..1h; swipe {t} 1; wait 1m; drive off 1; wait 10m..40m; repeat
"""
_TWO_GUESTS = """
wait 2m..10m; plug 1 soc 30% target 80 battery 77kWh power 11kW; swipe {t} 1
wait 15m..40m; plug 2 soc 60% battery 42kWh power 7.4kW phases 1; swipe {u} 2
wait 1h..2h; drive off 1; until charged 2 within 6h; wait 5m; drive off 2; wait 5m..20m; repeat
"""
_FAST = """
wait 1m..5m; plug 1 soc 12% target 80 battery 82kWh dc 170kW; wait 15s; swipe {t} 1
until charged 1 within 2h; wait 2m..6m; swipe {t} 1; wait 30s; drive off 1; wait 3m..15m; repeat
"""
_FAST_PAIR = """
wait 1m..8m; plug 1 soc 18% target 85 battery 100kWh dc 220kW; swipe {t} 1
wait 4m..12m; plug 2 soc 35% target 80 battery 64kWh dc 120kW; swipe {u} 2
until charged 1 within 2h; wait 2m; drive off 1; until charged 2 within 2h; wait 3m; drive off 2; wait 4m..20m; repeat
"""
_FLAKY = """
wait 3m..15m; plug 1 soc 55% battery 50kWh power 7.4kW phases 1; swipe {t} 1; wait 10m..25m
lose link 6m..10m; until online; wait 20m; drive off 1; wait 10m..20m; repeat
"""
_CLUMSY = """
wait 4m..20m; swipe STRANGER 1; wait 30s; plug 1 soc 40% battery 60kWh power 11kW; swipe {t} 1; wait 30m..50m
fault 1 GroundFailure; wait 5m; clear fault 1; wait 1m; drive off 1; wait 10m; repeat
"""


def demo_plan() -> list[DemoStation]:
    """Eight stations of invented makers. Tokens are plain ISO 14443 numbers."""
    return [
        _station("DEMO-AC-01", "Car park, bay 1", Version.V16, "Larkspur", "Mono 11", ("04A1B2C3D4",), _COMMUTER),
        _station("DEMO-AC-02", "Car park, bays 2 and 3", Version.V16, "Holloway", "Duo", ("04A1B2C3D5", "04A1B2C3D6"),
                 _TWO_GUESTS, evses=2),
        _station("DEMO-AC-03", "Staff entrance", Version.V201, "Nettlebed", "W4", ("04A1B2C3D7",), _COMMUTER),
        _station("DEMO-AC-04", "Visitors, two outlets", Version.V201, "Holloway", "Duo S",
                 ("04A1B2C3D8", "04A1B2C3D9"), _TWO_GUESTS, evses=2, max_amps=16.0),
        _station("DEMO-AC-05", "Far corner, weak reception", Version.V201, "Pebble", "One", ("04A1B2C3DA",), _FLAKY),
        _station("DEMO-AC-06", "Workshop", Version.V16, "Larkspur", "Basic", ("04A1B2C3DB",), _CLUMSY),
        _station("DEMO-DC-01", "Fast charger by the road", Version.V21, "Torrent", "DC 150", ("04A1B2C3DC",), _FAST,
                 dc=True),
        _station("DEMO-DC-02", "Fast charger, two outlets", Version.V21, "Torrent", "DC 200 Duo",
                 ("04A1B2C3DD", "04A1B2C3DE"), _FAST_PAIR, evses=2, dc=True, max_watts=200_000.0),
    ]


def _station(identity: str, name: str, version: Version, vendor: str, model: str, tokens: tuple[str, ...],
             script: str, *, evses: int = 1, dc: bool = False, max_amps: float = 32.0,
             max_watts: float = 150_000.0) -> DemoStation:
    text = script.replace("{t}", tokens[0]).replace("{u}", tokens[-1])
    return DemoStation(identity, name, version, vendor, model, tokens, text, evses, dc, max_amps, max_watts)


def write_plan(plan: list[DemoStation]) -> bytes:
    """The plan as JSON, for `--plan`, so that passwords given by the platform reach the child process."""
    return orjson.dumps([attrs.asdict(station) for station in plan], option=orjson.OPT_INDENT_2)


def read_plan(text: bytes) -> list[DemoStation]:
    """The plan from JSON; ValueError naming the station when a script is wrong."""
    plan = [DemoStation(**(raw | {"version": Version(raw["version"]), "tokens": tuple(raw["tokens"])}))
            for raw in orjson.loads(text)]
    for station in plan:
        try:
            parse(station.script)
        except ScriptError as error:
            raise ValueError(f"{station.identity}: {error}") from error
    return plan


async def run_plan(plan: list[DemoStation], url: str, speed: float = DEFAULT_SPEED) -> None:
    """Run every station until cancelled, their first dials spread over a moment."""
    async with trio.open_nursery() as nursery:
        for number, station in enumerate(plan):
            nursery.start_soon(_live, station, url, speed, number * SPREAD_S / max(1, len(plan)))


async def _live(station: DemoStation, url: str, speed: float, later: float) -> None:
    await trio.sleep(later)
    runner = Runner(station.config(), url, speed=speed)
    script = parse(station.script)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(runner.run)
        await runner.first_accepted(BOOT_S)
        while True:
            try:
                await run_script(script, runner)
            except ScriptFailedError as error:
                # Visitors may stop, unplug or block what a script counts on: clear the bay and begin a new day.
                runner.station.note(str(error))
                _clear(runner)
            await trio.sleep(AGAIN_AFTER_S)


def _clear(runner: Runner) -> None:
    for outlet in runner.station.outlets.values():
        if outlet.vehicle is not None:
            charging.unplug(runner.station, outlet.number, runner.clock())
        charging.set_fault(runner.station, outlet.number, None, runner.clock())


@click.command()
@click.option("--url", default="ws://127.0.0.1:9000/ocpp", show_default=True)
@click.option("--plan", "plan_file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A plan as JSON instead of the built-in one.")
@click.option("--speed", default=DEFAULT_SPEED, show_default=True, type=click.FloatRange(0.1, 3600))
@click.option("--print-plan", is_flag=True, help="Print the plan as JSON and end.")
def main(url: str, plan_file: Path | None, speed: float, print_plan: bool) -> None:
    """Run the demo's stations until told to stop."""
    try:
        plan = demo_plan() if plan_file is None else read_plan(plan_file.read_bytes())
    except (ValueError, TypeError, KeyError) as error:
        raise click.UsageError(f"{plan_file}: {error}") from error
    if print_plan:
        click.echo(write_plan(plan))
        return
    trio.run(_until_told, plan, url, speed)


async def _until_told(plan: list[DemoStation], url: str, speed: float) -> None:
    with trio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(run_plan, plan, url, speed)
            async for _ in signals:
                nursery.cancel_scope.cancel()
                break


if __name__ == "__main__":
    main()
