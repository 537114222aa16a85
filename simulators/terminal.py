"""A station in the terminal: a live table where there is one, plain lines where there is none."""

from collections.abc import Iterable

import trio
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from simulators.station import web_payment
from simulators.station.outlet import OutletState
from simulators.station.runner import Runner

REFRESH_S = 0.25
_NOTES_SHOWN = 6
_FRAMES_SHOWN = 6
_COLOURS = {"Available": "green", "Charging": "cyan", "Faulted": "red", "Unavailable": "red", "SuspendedEV": "yellow",
            "SuspendedEVSE": "yellow", "Preparing": "blue", "Finishing": "magenta", "Reserved": "blue"}


async def show_live(runner: Runner, console: Console) -> None:
    """Redraw the station until cancelled."""
    with Live(picture(runner, console.width), console=console, auto_refresh=False, transient=False) as live:
        while True:
            await trio.sleep(REFRESH_S)
            live.update(picture(runner, console.width), refresh=True)


async def show_lines(runner: Runner, console: Console) -> None:
    """Print notes, changes of outlets and codes to pay by as lines until cancelled."""
    before: dict[int, str] = {}
    codes: dict[int, str] = {}
    told = 0
    while True:
        fresh = runner.station.note_count - told
        for note in list(runner.station.notes)[-fresh:] if fresh else []:
            console.print(f"{runner.config.identity}  {note}", markup=False, highlight=False)
        told += fresh
        for outlet in runner.station.outlets.values():
            line = f"EVSE {outlet.number} {outlet.status.value}"
            if before.get(outlet.number) != line:
                before[outlet.number] = line
                console.print(f"{runner.config.identity}  {line}  {_energy(outlet)}", markup=False, highlight=False)
        codes, shown = dict(web_payment.addresses(runner.station, runner.clock())), codes
        for number, address in codes.items():
            if shown.get(number) != address:
                console.print(f"{runner.config.identity}  code at {number}: {address}", markup=False, highlight=False)
        await trio.sleep(REFRESH_S)


def picture(runner: Runner, width: int) -> RenderableType:
    """The whole picture of one station."""
    station = runner.station
    link = "[green]online[/]" if station.online and station.accepted else \
        "[yellow]connected, not accepted[/]" if station.online else "[red]offline[/]"
    waiting = station.outbox.waiting_transactions
    head = Text.from_markup(
        f"{link}   sent {runner.link.sent}   received {runner.link.received}   connections {runner.connections}"
        f"   waiting {waiting}   speed {runner.speed:g}x   {', '.join(sorted(runner.link.conduct.lasting))}")
    config = runner.config
    title = f"{config.identity}   OCPP {config.version.value}   {config.vendor} {config.model}"
    notes = list(station.notes)[-_NOTES_SHOWN:]
    frames = list(runner.link.shown)[-_FRAMES_SHOWN:]
    codes = [Text(f"code at {number}: {address}", overflow="fold")
             for number, address in web_payment.addresses(station, runner.clock()).items()]
    return Panel(Group(head, _outlets(station.outlets.values()), *codes, _lines(notes, "", width),
                       _lines([f"{way} {text}" for way, text in frames], "dim", width)), title=title)


def _outlets(outlets: Iterable[OutletState]) -> Table:
    table = Table(expand=True, box=None)
    for name in ("EVSE", "status", "vehicle", "charge", "power", "current", "offered", "energy", "token"):
        table.add_column(name)
    for outlet in outlets:
        colour = _COLOURS.get(outlet.status.value, "white")
        vehicle = outlet.vehicle
        permit = outlet.transaction.permit if outlet.transaction else outlet.permit
        table.add_row(
            str(outlet.number), f"[{colour}]{outlet.status.value}[/]", vehicle.name if vehicle else "-",
            f"{vehicle.soc:.1f} %" if vehicle else "-", f"{outlet.flow.watts / 1000:.2f} kW",
            f"{outlet.flow.amps:.1f} A x{outlet.flow.phases}", f"{outlet.flow.offered_amps:.1f} A", _energy(outlet),
            Text(permit.token if permit else ""))
    return table


def _energy(outlet: OutletState) -> str:
    session = outlet.meter.whole_wh - outlet.transaction.meter_start if outlet.transaction else 0
    return f"{session / 1000:.3f} kWh (register {outlet.meter.register_wh / 1000:.3f})"


def _lines(lines: list[str], style: str, width: int) -> Text:
    room = max(20, width - 6)
    return Text("\n".join(line[:room] for line in lines), style=style, no_wrap=True, overflow="ellipsis")
