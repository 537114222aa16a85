"""The same MeterValues path against an empty database and against one with many meter values stored."""

import time
from collections.abc import Callable
from typing import Any

import attrs

from simulators.bench.figures import Figure, figure, median, ratio
from simulators.bench.lab import Lab
from simulators.bench.measure import Measured, closed_loop, connect

MEANT_ROWS = 10_000_000
_KNOWN = 1000  # stations among which the stored rows are spread


def take(lab: Lab, *, seconds: float, rounds: int, stations: int, rows: int,
         say: Callable[[str], None]) -> dict[str, Any]:
    """Both databases in turn, `rounds` times; both on core 1."""
    began = time.monotonic()
    lab.spread_database()
    for database in ("small", "big"):
        lab.migrate(database)
        lab.rows.add_stations(_KNOWN, "K-", database)
    lab.rows.fill("big", rows, _counter(rows, say))
    say(f"{rows} meter values stored in {time.monotonic() - began:.0f} s")
    found: dict[str, list[Measured]] = {"small": [], "big": []}
    for number in range(rounds):
        for database, ones in found.items():
            one = _once(lab, database, f"B{number}-", seconds, stations)
            say(f"round {number + 1}: {database} database: {one.per_second:.0f} messages/s, {one.subject_us:.0f} µs "
                f"+ database {one.database_us:.0f} µs, p99 {one.p99_ms:.1f} ms, others {one.foreign_share:.0%}")
            ones.append(one)
    return {"rows": rows, "share": _share(found),
            **{name: [attrs.asdict(one) for one in ones] for name, ones in found.items()}}


def _once(lab: Lab, database: str, prefix: str, seconds: float, stations: int) -> Measured:
    fleet = lab.rows.add_stations(stations, prefix, database)
    lab.place_database(beside_subject=False)
    with lab.node(database) as subject, lab.load(subject, fleet) as load:
        connect(load, stations)
        load.do("closed_loop", seconds=max(1.0, seconds / 5))
        return closed_loop(lab, subject, load, seconds, together=False, table=(database, "meter_values"))


def _share(found: dict[str, list[Measured]]) -> float:
    rates = {name: median([one.per_second for one in ones]) for name, ones in found.items()}
    return ratio(rates["big"], rates["small"])


def _counter(total: int, say: Callable[[str], None]) -> Callable[[int], None]:
    done, told = 0, time.monotonic()

    def count(new: int) -> None:
        nonlocal done, told
        done += new
        if time.monotonic() - told > 15:
            told = time.monotonic()
            say(f"{done / total:.0%} of {total} meter values stored")
    return count


def figures(found: dict[str, Any]) -> list[Figure]:
    """The goal of this part."""
    rows = found["rows"]
    note = f"{rows:,} rows stored" + ("" if rows >= MEANT_ROWS else f"; the goal is meant for {MEANT_ROWS:,}")
    return [figure("big_table_share", found["share"], note)]
