"""`voltyard simulate fleet`: connect a fleet, let it send, print and store the figures."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import click
from rich.console import Console
from rich.table import Table

from protocol.ocpp.version import Version
from simulators.fleet.engine import Engine
from simulators.fleet.figures import LoadResult, StormResult
from simulators.fleet.member import make_fleet, read_target


@click.command()
@click.option("--url", default="ws://127.0.0.1:9000/ocpp", show_default=True, help="The platform's address.")
@click.option("--stations", default=100, show_default=True, type=click.IntRange(1, 200_000), help="How many.")
@click.option("--rate", type=click.FloatRange(min=0, min_open=True),
              help="MeterValues a second over all stations; without it every station sends on the last answer.")
@click.option("--connect-rate", type=click.FloatRange(min=0, min_open=True),
              help="Dials a second; without it all dial at once.")
@click.option("--version", "version", default="mix", show_default=True,
              type=click.Choice(["mix", *(version.value for version in Version)]),
              help="The OCPP version; mix: each in turn.")
@click.option("--duration", default=30.0, show_default=True, type=click.FloatRange(0), help="Seconds of load.")
@click.option("--boot-limit", default=120.0, show_default=True, type=click.FloatRange(1),
              help="Seconds for all to boot.")
@click.option("--prefix", default="SIM-", show_default=True, help="Identities are the prefix and five digits.")
@click.option("--token", help="Begin a transaction with this token on every station first.")
@click.option("--password-file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Lines of identity:password.")
@click.option("--password-template", help="As in secret-for-{id}.")
@click.option("--ca", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="PEM with the authorities that the platform's certificate may be from (wss://).")
@click.option("--insecure", is_flag=True, help="Take any certificate of the platform (wss://).")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write the summary there.")
def fleet(url: str, stations: int, rate: float | None, connect_rate: float | None, version: str, duration: float,
          boot_limit: float, prefix: str, token: str | None, password_file: Path | None, password_template: str | None,
          ca: Path | None, insecure: bool, json_file: Path | None) -> None:
    """Thousands of stations from one core, with progress and a summary."""
    console = Console()
    members = make_fleet(stations, version, prefix, _passwords(password_file, password_template))
    try:
        target = read_target(url, ca, insecure=insecure)
        engine = Engine(target, members, on_progress=_progress(console))
    except (ValueError, OSError) as error:
        raise click.UsageError(str(error)) from error
    try:
        storm = engine.connect_storm(boot_limit, connect_rate)
        _say_storm(console, storm)
        load = _load(engine, storm, console, rate, duration, token)
    except KeyboardInterrupt:
        raise click.Abort from None
    finally:
        engine.close()
    summary = _summary(engine, storm, load)
    console.print(_table(summary))
    if json_file is not None:
        json_file.write_text(json.dumps(summary, indent=2) + "\n")
    if not storm.complete:
        raise click.ClickException(f"only {storm.booted} of {storm.stations} stations were accepted")


def _load(engine: Engine, storm: StormResult, console: Console, rate: float | None, duration: float,
          token: str | None) -> LoadResult | None:
    if not storm.booted or duration <= 0:
        return None
    if token is not None:
        begun = engine.begin_transactions(token)
        console.print(f"{begun} transactions began")
    return engine.closed_loop(duration) if rate is None else engine.paced(rate, duration)


def _passwords(file: Path | None, template: str | None) -> Callable[[str], str | None] | None:
    if file is not None and template is not None:
        raise click.UsageError("give --password-file or --password-template, not both")
    if template is not None:
        return lambda identity: template.replace("{id}", identity)
    if file is None:
        return None
    known: dict[str, str] = {}
    for number, line in enumerate(file.read_text().splitlines(), start=1):
        identity, colon, password = line.partition(":")
        if line.strip() and not colon:
            raise click.UsageError(f"{file}, line {number}: write identity:password")
        known[identity.strip()] = password
    return known.get


def _progress(console: Console) -> Callable[[Engine], None]:
    def show(engine: Engine) -> None:
        counts, times = engine.counts, engine.round_trips
        refused = ", ".join(f"{count}x{status}" for status, count in sorted(counts.refusals.items()))
        console.print(
            f"booted {engine.booted}/{len(engine.members)}  sent {counts.sent}  answered {counts.answered}  "
            f"errors {counts.errors.total()}  p50 {times.percentile(0.5) * 1000:.1f} ms  "
            f"p99 {times.percentile(0.99) * 1000:.1f} ms" + (f"  refused {refused}" if refused else ""),
            highlight=False)
    return show


def _say_storm(console: Console, storm: StormResult) -> None:
    console.print(f"{storm.booted} of {storm.stations} booted after {storm.seconds:.2f} s "
                  f"({storm.dials} dials, {sum(storm.refusals.values())} refused)", highlight=False)


def _summary(engine: Engine, storm: StormResult, load: LoadResult | None) -> dict[str, Any]:
    plain_storm = attrs.asdict(storm, recurse=False) | {
        "seconds": round(storm.seconds, 3), "boot_seconds": storm.boot_seconds.as_dict(),
        "refusals": {str(status): count for status, count in storm.refusals.items()}}
    summary: dict[str, Any] = {"storm": plain_storm, "totals": engine.counts.as_dict()}
    if load is not None:
        summary["load"] = attrs.asdict(load, recurse=False) | {
            "round_trips": load.round_trips.as_dict(), "seconds": round(load.seconds, 3),
            "per_second": round(load.per_second, 1), "own_cpu_seconds": round(load.own_cpu_seconds, 3)}
    return summary


def _table(summary: dict[str, Any]) -> Table:
    table = Table(title="fleet", show_header=False)
    storm, totals, load = summary["storm"], summary["totals"], summary.get("load")
    rows = [("stations booted", f"{storm['booted']} of {storm['stations']}"),
            ("seconds to all booted", str(storm["seconds"])), ("dials", str(totals["dials"])),
            ("reconnects", str(totals["reconnects"])), ("refusals by status", _pairs(totals["refusals"])),
            ("calls of the platform answered", str(totals["calls_answered"]))]
    if load is not None:
        times = load["round_trips"]
        rows += [("MeterValues answered", f"{load['answered']} ({load['per_second']}/s)"),
                 ("errors", f"{load['errors']} {_pairs(totals['errors'])}"), ("lost", str(load["lost"])),
                 ("skipped, no station free", str(load["skipped"])),
                 ("round trip p50 / p95 / p99 / max",
                  f"{times['p50_ms']} / {times['p95_ms']} / {times['p99_ms']} / {times['max_ms']} ms"),
                 ("own processor time", f"{load['own_cpu_seconds']} s")]
    for name, value in rows:
        table.add_row(name, value)
    return table


def _pairs(counts: dict[str, int]) -> str:
    return ", ".join(f"{name}: {count}" for name, count in counts.items()) or "none"
