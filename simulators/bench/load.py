"""A process that is the stations: the fleet's engine, told what to do in JSON lines, answering with its figures.

Between two orders the stations stay alive: heartbeats, pongs and answers to the platform's calls go on.
"""

import json
import select
import sys
from typing import Any

import attrs

from protocol.ocpp.version import Version
from simulators.bench.child import say
from simulators.bench.deflate import CompressedFleet
from simulators.fleet.engine import Engine
from simulators.fleet.figures import LoadResult, StormResult
from simulators.fleet.member import FleetStation, read_target

_LOOK_S = 0.02


def storm_as_dict(result: StormResult) -> dict[str, Any]:
    """For a JSON line."""
    return attrs.asdict(result, recurse=False) | {
        "boot_seconds": result.boot_seconds.as_dict(),
        "refusals": {str(status): count for status, count in result.refusals.items()}}


def load_as_dict(result: LoadResult) -> dict[str, Any]:
    """For a JSON line."""
    return attrs.asdict(result, recurse=False) | {"round_trips": result.round_trips.as_dict()}


def obey(engine: Engine, order: dict[str, Any]) -> dict[str, Any]:
    """Does one thing and says what came of it."""
    match order.pop("do"):
        case "storm":
            return storm_as_dict(engine.connect_storm(**order))
        case "begin":
            return {"begun": engine.begin_transactions(**order)}
        case "closed_loop":
            return load_as_dict(engine.closed_loop(**order))
        case "paced":
            return load_as_dict(engine.paced(**order))
        case "drop_all":
            engine.drop_all()
            return {}
        case "counts":
            return engine.counts.as_dict()
        case unknown:
            raise ValueError(f"nobody knows how to {unknown}")


def main() -> None:
    """The first line: `{"url", "version", "stations": [[identity, password or null], …], "compressed"}`."""
    asked = json.loads(sys.stdin.readline())
    target = read_target(asked["url"])
    if asked["compressed"]:
        fleet = CompressedFleet(target, asked["version"], asked["stations"])
        say({"connected": fleet.connected})
        sys.stdin.readline()
        return
    version = Version(asked["version"])
    engine = Engine(target, [FleetStation(identity, version, password) for identity, password in asked["stations"]])
    say({"ready": True})
    while True:
        if not select.select([sys.stdin], [], [], 0)[0]:
            engine.idle(_LOOK_S)
        elif line := sys.stdin.readline():
            say(obey(engine, json.loads(line)))
        else:
            break
    engine.close()


if __name__ == "__main__":
    main()
