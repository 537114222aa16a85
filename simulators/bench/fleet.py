"""A whole fleet at once: the storm in which all stations dial together, and what each costs in memory when idle."""

import time
from collections.abc import Callable
from typing import Any

from simulators.bench.child import BenchError
from simulators.bench.cpu import Books, between, books, resident_bytes
from simulators.bench.figures import Figure, figure, ratio
from simulators.bench.lab import Lab, Load, Subject

_DEADLINE_S = 180.0
_SETTLE_S = 3.0


def take(lab: Lab, *, stations: int, compressed: bool, say: Callable[[str], None]) -> dict[str, Any]:
    """A first boot of all, memory, all dropped, the redial, memory again; then the same with compression."""
    fleet = lab.rows.add_stations(stations, "F-")
    lab.place_database(beside_subject=False)
    with lab.node() as subject, lab.load(subject, fleet) as load:
        empty = resident_bytes(subject.pid)
        first = _storm(lab, subject, load, "first boot", say)
        after_first = _settled(subject)
        load.do("drop_all")
        _settled(subject)
        again = _storm(lab, subject, load, "redial", say)
        after_again = _settled(subject)
    memory = {"without_stations": float(empty), "per_station": (after_first - empty) / stations,
              "per_station_after_redial": (after_again - empty) / stations}
    if compressed:
        memory["per_station_compressed"] = _compressed(lab, stations)
    say("memory per station: " + ", ".join(
        f"{name} {value / 1000:.1f} kB" for name, value in memory.items() if name != "without_stations"))
    return {"stations": stations, "first_boot": first, "redial": again, "memory": memory}


def _storm(lab: Lab, subject: Subject, load: Load, name: str, say: Callable[[str], None]) -> dict[str, Any]:
    before = _books(lab, subject, load)
    result = load.do("storm", deadline_s=_DEADLINE_S)
    spent = between(before, _books(lab, subject, load))
    if not result["complete"]:
        raise BenchError(f"{name}: only {result['booted']} of {result['stations']} stations were booted after "
                         f"{result['seconds']:.0f} s, refused: {result['refusals']}")
    each = 1e6 / result["stations"]
    result |= {"subject_us": spent.subject * each, "database_us": spent.database * each,
               "load_us": spent.load * each}
    say(f"{name}: {result['booted']} stations in {result['seconds']:.2f} s, {result['dials']} dials, "
        f"refused {result['refusals'] or 'none'}; per station {result['subject_us']:.0f} µs "
        f"+ database {result['database_us']:.0f} µs, load {ratio(spent.load, spent.clock):.0%} of a core")
    return result


def _books(lab: Lab, subject: Subject, load: Load) -> Books:
    return books(subject.pid, lab.postmaster, load.pid, lab.cores)


def _settled(subject: Subject) -> int:
    """Memory, once what was begun is over."""
    time.sleep(_SETTLE_S)
    return resident_bytes(subject.pid)


def _compressed(lab: Lab, stations: int) -> float:
    fleet = lab.rows.add_stations(stations, "Z-")
    with lab.node() as subject:
        empty = resident_bytes(subject.pid)
        with lab.load(subject, fleet, version="2.0.1", compressed=True):
            return (_settled(subject) - empty) / stations


def storm_figures(found: dict[str, Any]) -> list[Figure]:
    """The slower of the two storms counts."""
    first, again = found["first_boot"]["seconds"], found["redial"]["seconds"]
    return [figure("storm_seconds", max(first, again),
                   f"{found['stations']} stations; first boot {first:.1f} s, redial {again:.1f} s")]


def memory_figures(found: dict[str, Any]) -> list[Figure]:
    """After the first boot."""
    memory = found["memory"]
    note = f"{found['stations']} stations; after a redial {memory['per_station_after_redial'] / 1000:.1f} kB"
    if "per_station_compressed" in memory:
        note += f"; 2.0.1 with compression {memory['per_station_compressed'] / 1000:.1f} kB"
    return [figure("memory_kb", memory["per_station"] / 1000, note)]
