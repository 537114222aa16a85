"""The table on the terminal and the file that is kept."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from simulators.bench.figures import Figure

_COLOURS = {"aim": "green", "at least": "yellow", "missed": "red"}


def table(figures: Sequence[Figure]) -> Table:
    """One row a goal."""
    shown = Table(title="voltyard bench")
    for name, where in (("what", "left"), ("at least", "right"), ("aim", "right"), ("reached", "right"), ("", "left"),
                        ("how", "left")):
        shown.add_column(name, justify=where)  # type: ignore[arg-type]  # one of rich's words
    for one in figures:
        goal, colour = one.goal, _COLOURS[one.verdict]
        shown.add_row(goal.what, _number(goal.at_least, goal.unit), _number(goal.aim, goal.unit),
                      f"[{colour}]{_number(one.reached, goal.unit)}[/]", f"[{colour}]{one.verdict}[/]", one.note)
    return shown


def medians(found: dict[str, Any]) -> Table:
    """What the MeterValues figures are made of."""
    shown = Table(title="MeterValues: rate, processor time a message, share of core 0, round trips, load, others")
    for name in ("who", "per s", "own µs", "db µs", "both µs", "core 0", "p50 ms", "p95 ms", "p99 ms", "load",
                 "others"):
        shown.add_column(name, justify="left" if name == "who" else "right")
    for name, one in found["medians"].items():
        shown.add_row(name.replace("_", " "), f"{one['per_second']:.0f}", f"{one['subject_us']:.0f}",
                      f"{one['database_us']:.0f}", f"{one['both_us']:.0f}", f"{one['subject_share']:.0%}",
                      f"{one['p50_ms']:.1f}", f"{one['p95_ms']:.1f}", f"{one['p99_ms']:.1f}",
                      f"{one['load_share']:.0%}", f"{one['foreign_share']:.0%}")
    shown.caption = f"{found['rows_written']} rows written by the full path: one for each acknowledged message"
    return shown


def show(console: Console, figures: Sequence[Figure], raw: dict[str, Any], warnings: Sequence[str]) -> None:
    """Everything, for a reader."""
    if "meter_values" in raw:
        console.print(medians(raw["meter_values"]))
    console.print(table(figures))
    for warning in warnings:
        console.print(f"[yellow]note:[/] {warning}", highlight=False)


def store(path: Path, figures: Sequence[Figure], raw: dict[str, Any], machine: dict[str, Any],
          options: dict[str, Any], warnings: Sequence[str]) -> None:
    """As JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "taken_at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine, "options": options,
        "warnings": list(warnings),
        "figures": [{"key": one.goal.key, "what": one.goal.what, "unit": one.goal.unit, "at_least": one.goal.at_least,
                     "aim": one.goal.aim, "reached": round(one.reached, 4), "verdict": one.verdict, "note": one.note}
                    for one in figures],
        "measured": raw}
    path.write_text(json.dumps(document, indent=2, default=str) + "\n")


def _number(value: float, unit: str) -> str:
    return f"{value:.3g} {unit}".strip() if value < 100 else f"{value:.0f} {unit}".strip()
