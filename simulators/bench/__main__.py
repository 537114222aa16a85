"""`voltyard bench`: which figures to take, how long, and where to keep them."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs
import click
from rich.console import Console

from simulators.bench import base_report, big_table, commands, fleet, frames_search, machine, meter_values, report, tls
from simulators.bench.child import BenchError
from simulators.bench.figures import Figure
from simulators.bench.lab import Lab, open_lab

PARTS = ("meter-values", "storm", "memory", "tls", "commands", "big-table", "base-report", "frames")


@attrs.frozen
class Options:
    """How much of everything. `seconds` of each measurement in closed loop."""

    seconds: float
    rounds: int
    stations: int
    fleet: int
    rows: int
    tls: int = 2000
    frames: int = frames_search.MEANT_FRAMES

    @classmethod
    def chosen(cls, *, quick: bool, **given: Any) -> "Options":
        """The defaults, or the quick ones, under what was given."""
        usual = cls(2.0, 1, 50, 1000, 200_000, 200, 200_000) if quick else cls(8.0, 3, 50, 10_000, big_table.MEANT_ROWS)
        return attrs.evolve(usual, **{name: value for name, value in given.items() if value is not None})


class Run:
    """Takes the parts asked for and keeps what came of them."""

    def __init__(self, options: Options, console: Console) -> None:
        self.options = options
        self.figures: list[Figure] = []
        self.raw: dict[str, Any] = {}
        self._console = console

    def take(self, lab: Lab, parts: tuple[str, ...]) -> None:
        options = self.options
        if "meter-values" in parts:
            self._title("durable MeterValues")
            found = meter_values.take(lab, seconds=options.seconds, rounds=options.rounds, stations=options.stations,
                                      say=self._say)
            self.raw["meter_values"] = meter_values.summary(found)
            self.figures += meter_values.figures(found)
        if "storm" in parts or "memory" in parts:
            self._title(f"{options.fleet} stations")
            whole = self.raw["fleet"] = fleet.take(lab, stations=options.fleet, compressed="memory" in parts,
                                                   say=self._say)
            self.figures += fleet.memory_figures(whole) if "memory" in parts else []
            self.figures += fleet.storm_figures(whole) if "storm" in parts else []
        if "tls" in parts:
            self._title(f"{options.tls} stations with TLS")
            secured = self.raw["tls"] = tls.take(lab, stations=options.tls, say=self._say)
            self.figures += tls.figures(secured)
        if "commands" in parts:
            self._title("raw commands")
            answers = self.raw["commands"] = commands.take(lab, seconds=options.seconds, stations=options.stations,
                                                           say=self._say)
            self.figures += commands.figures(answers)
        if "big-table" in parts:
            self._title("a big table")
            big = self.raw["big_table"] = big_table.take(
                lab, seconds=options.seconds, rounds=options.rounds, stations=options.stations, rows=options.rows,
                say=self._say)
            self.figures += big_table.figures(big)

        if "base-report" in parts:
            self._title("a base report")
            told = self.raw["base_report"] = base_report.take(lab, rounds=options.rounds, say=self._say)
            self.figures += base_report.figures(told)
        if "frames" in parts:
            self._title("searching frames")
            searched = self.raw["frames"] = frames_search.take(lab, frames=options.frames, say=self._say)
            self.figures += frames_search.figures(searched)

    def most_foreign(self) -> float:
        """The most that others took of the cores during one of the measurements."""
        ones = [*self.raw.get("meter_values", {}).get("single", ()),
                *(one for name in ("small", "big") for one in self.raw.get("big_table", {}).get(name, ()))]
        return max((float(one["foreign_share"]) for one in ones), default=0.0)

    def _title(self, text: str) -> None:
        self._console.print(f"[bold]{text}[/]")

    def _say(self, line: str) -> None:
        self._console.print(f"  {line}", highlight=False, soft_wrap=True)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("part", type=click.Choice(["all", *PARTS]), default="all")
@click.option("--quick", is_flag=True, help="Short, with few stations and rows: to see that it works, not how fast.")
@click.option("--duration", "seconds", type=click.FloatRange(0.5, 600), help="Seconds of each measurement.  [8]")
@click.option("--rounds", type=click.IntRange(1, 20), help="How often each is taken; the median counts.  [3]")
@click.option("--loop-stations", "stations", type=click.IntRange(1, 5000), help="Stations in closed loop.  [50]")
@click.option("--stations", "fleet", type=click.IntRange(10, 100_000), help="Stations of storm and memory.  [10000]")
@click.option("--tls-stations", "tls", type=click.IntRange(10, 20_000), help="Stations with TLS.  [2000]")
@click.option("--rows", type=click.IntRange(1000, 1_000_000_000), help="Meter values of the big table.  [10000000]")
@click.option("--frames", type=click.IntRange(1000, 1_000_000_000), help="Frames to search among.  [10000000]")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path),
              help="Where to keep the result.  [DIR/TIME.json]")
@click.option("--dir", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path("var/bench"),
              show_default=True, help="Where results and the databases of the run lie; on a disk, not in memory.")
@click.option("--keep", is_flag=True, help="Keep databases and logs of the run.")
def bench(part: str, quick: bool, json_file: Path | None, folder: Path, keep: bool, **given: Any) -> None:
    """Measure this machine: PART is one of all, meter-values, storm, memory, tls, commands, big-table,
    base-report, frames.

    Needs the packages of the extra `bench`. One core is the measured process's, one the load's and the database's.
    """
    console = Console() if sys.stdout.isatty() else Console(width=140)
    about = machine.describe()
    load_before = os.getloadavg()[0]
    began = datetime.now(UTC)
    run = Run(Options.chosen(quick=quick, **given), console)
    fault: str | None = None
    try:
        with open_lab(folder, keep=keep) as lab:
            run.take(lab, PARTS if part == "all" else (part,))
    except BenchError as error:
        fault = str(error)
    except KeyboardInterrupt:
        fault = "interrupted"
    warnings = machine.warnings(load_before, about["cores"], run.most_foreign())
    if run.figures:
        report.show(console, run.figures, run.raw, warnings)
        path = json_file or folder / f"{began:%Y%m%dT%H%M%SZ}.json"
        report.store(path, run.figures, run.raw, about, attrs.asdict(run.options), warnings)
        console.print(f"kept in {path}", highlight=False)
    if fault is not None:
        console.print(f"[red]error:[/] {fault}", highlight=False)
        sys.exit(130 if fault == "interrupted" else 1)


if __name__ == "__main__":
    bench(prog_name="voltyard bench")
