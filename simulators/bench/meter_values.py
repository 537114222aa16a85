"""Durable MeterValues: the floor, the full path and the yardstick, in turn on the same core."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import attrs

from simulators.bench.figures import Figure, figure, median, ratio
from simulators.bench.lab import Lab, Subject
from simulators.bench.measure import Measured, closed_loop, connect

_PLAN = (("floor", False), ("full", False), ("yardstick", False), ("full", True), ("yardstick", True),
         ("yardstick_uvloop", True))
_YARDSTICK = ("yardstick", "yardstick_meter_values")
_TABLES = {"floor": None, "full": ("bench", "meter_values"), "yardstick": _YARDSTICK, "yardstick_uvloop": _YARDSTICK}


def take(lab: Lab, *, seconds: float, rounds: int, stations: int, say: Callable[[str], None]) -> list[Measured]:
    """Each subject in each place of the database, `rounds` times; others wait, so that core 0 is one's alone."""
    found = []
    for number in range(rounds):
        for name, together in _PLAN:
            one = _once(lab, name, f"M{number}{'T' if together else 'A'}-", seconds, stations, together=together)
            where = "with its database on core 0" if together else "alone on core 0"
            say(f"round {number + 1}: {name} {where}: {one.per_second:.0f} messages/s, {one.subject_us:.0f} µs "
                f"+ database {one.database_us:.0f} µs, p50 {one.p50_ms:.1f} ms, p99 {one.p99_ms:.1f} ms, "
                f"load {one.load_share:.0%} of a core, others {one.foreign_share:.0%}")
            found.append(one)
    return found


def _once(lab: Lab, name: str, prefix: str, seconds: float, stations: int, *, together: bool) -> Measured:
    fleet = _fleet(lab, prefix, stations, known=name == "full")
    with _subject(lab, name) as subject, lab.load(subject, fleet) as load:
        connect(load, stations)
        lab.place_database(beside_subject=together)
        load.do("closed_loop", seconds=max(1.0, seconds / 5))  # warm: statements prepared, caches filled
        return closed_loop(lab, subject, load, seconds, together=together, table=_TABLES[name])


def _fleet(lab: Lab, prefix: str, stations: int, *, known: bool) -> list[tuple[str, str | None]]:
    if known:
        return lab.rows.add_stations(stations, prefix)
    return [(f"{prefix}{number:05d}", None) for number in range(1, stations + 1)]


@contextlib.contextmanager
def _subject(lab: Lab, name: str) -> Iterator[Subject]:
    lab.spread_database()
    make: dict[str, Callable[[], contextlib.AbstractContextManager[Subject]]] = {
        "floor": lab.floor, "full": lab.node, "yardstick": lab.yardstick,
        "yardstick_uvloop": lambda: lab.yardstick("uvloop")}
    with make[name]() as subject:
        yield subject


def summary(found: list[Measured]) -> dict[str, Any]:
    """Medians over the rounds by subject and place, and the single measurements."""
    medians = {}
    for name, together in _PLAN:
        ones = [one for one in found if one.subject == name and one.together == together]
        medians[f"{name}{'_with_database' if together else ''}"] = {
            field: round(median([getattr(one, field) for one in ones]), 3)
            for field in ("per_second", "subject_us", "database_us", "both_us", "load_us", "subject_share",
                          "load_share", "foreign_share", "p50_ms", "p95_ms", "p99_ms", "max_ms")}
    rows = sum(one.rows or 0 for one in found if one.subject == "full")
    return {"medians": medians, "rows_written": rows, "single": [attrs.asdict(one) for one in found]}


def figures(found: list[Measured]) -> list[Figure]:
    """The three goals of this part."""
    medians = summary(found)["medians"]
    floor, full = medians["floor"], medians["full"]
    both, yardstick = medians["full_with_database"], medians["yardstick_with_database"]
    faster = medians["yardstick_uvloop_with_database"]
    return [
        figure("share_of_floor", ratio(full["per_second"], floor["per_second"]),
               f"{full['per_second']:.0f}/s of {floor['per_second']:.0f}/s; "
               f"by processor time {ratio(floor['subject_us'], full['subject_us']):.2f}"),
        figure("cpu_us", full["subject_us"], f"database apart: {full['database_us']:.0f} µs"),
        figure("times_less_than_yardstick", ratio(yardstick["both_us"], both["both_us"]),
               f"{both['both_us']:.0f} µs against {yardstick['both_us']:.0f} µs "
               f"(on uvloop {faster['both_us']:.0f} µs: {ratio(faster['both_us'], both['both_us']):.1f} x)"),
    ]
