"""`voltyard simulate`: one station with a script, or a fleet under load. Also `python -m simulators.cli`."""

from pathlib import Path
from typing import TextIO

import click
import trio
from rich.console import Console

from protocol.ocpp.version import Version
from simulators import terminal
from simulators.contract_pool import command as partner_commands
from simulators.fleet import command as fleet_command
from simulators.script.parse import ScriptError, parse
from simulators.script.run import ScriptFailedError, run_script
from simulators.script.steps import Misbehave, Step
from simulators.station import acts, certificates, conduct
from simulators.station.config import StationConfig, make_outlets
from simulators.station.runner import Runner
from simulators.tls import tls_context

DEFAULT_URL = "ws://127.0.0.1:9000/ocpp"
VERSIONS = click.Choice([version.value for version in Version])
SYNC_S = 30.0
BOOT_S = 15.0
LOOK_S = 0.05
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _list_acts(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted:
        return
    for written, what in acts.usages():
        click.echo(f"act {written}\n    {what}")
    context.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def simulate() -> None:
    """Simulated stations and fleets to run the platform against."""


@simulate.command()
@click.option("--url", default=DEFAULT_URL, show_default=True, help="The platform's address; the identity is added.")
@click.option("--id", "identity", default="CP001", show_default=True, help="The station's identity.")
@click.option("--version", default="2.0.1", show_default=True, type=VERSIONS, help="The OCPP version.")
@click.option("--password", help="Password for Basic authentication.")
@click.option("--evses", default=1, show_default=True, type=click.IntRange(1, 100), help="How many outlets.")
@click.option("--dc", is_flag=True, help="DC outlets instead of AC.")
@click.option("--max-amps", default=32.0, show_default=True, type=click.FloatRange(6), help="AC rating, A per phase.")
@click.option("--max-watts", default=150_000.0, show_default=True, type=click.FloatRange(1), help="DC rating, W.")
@click.option("--vendor", default="Voltyard", show_default=True, help="The maker it says in its BootNotification.")
@click.option("--model", default="Simulator", show_default=True, help="The model it says there.")
@click.option("--serial", default="", help="Serial number; the name in its certificate.")
@click.option("--ca", type=FILE, help="PEM with the authorities that the platform's certificate may be from.")
@click.option("--insecure", is_flag=True, help="Take any certificate of the platform.")
@click.option("--cert", type=FILE, help="PEM with the station's certificate, itself first; with --key.")
@click.option("--key", type=FILE, help="PEM with its key.")
@click.option("--keep", type=click.Path(file_okay=False, path_type=Path),
              help="Folder for the certificate it is given and the roots installed: kept and taken up again.")
@click.option("--variables", "extra_variables", default=0, type=click.IntRange(0, 100_000),
              help="Made-up variables in its device model, beyond its own (2.x).")
@click.option("--script", "script_file", type=click.File("r"), help="Script to run; - is standard input.")
@click.option("--do", "script_text", help='Script as text, as "plug 1; swipe T1; wait 30s; drive off 1".')
@click.option("--speed", default=1.0, show_default=True, type=click.FloatRange(0.1, 3600),
              help="Seconds of the station's time in one real second: vehicles, meters and scripts, not its clock.")
@click.option("--exit", "leave", is_flag=True, help="End when the script ends and everything is delivered.")
@click.option("--plain", is_flag=True, help="Plain lines, also on a terminal.")
@click.option("--acts", is_flag=True, is_eager=True, expose_value=False, callback=_list_acts,
              help="List what `act` in a script can do.")
def station(url: str, identity: str, version: str, password: str | None, evses: int, dc: bool, max_amps: float,
            max_watts: float, vendor: str, model: str, serial: str, ca: Path | None, insecure: bool,
            cert: Path | None, key: Path | None, keep: Path | None, extra_variables: int,
            script_file: TextIO | None, script_text: str | None, speed: float, leave: bool, plain: bool) -> None:
    """One station: connectors, vehicle, meter, offline queue. Shows its state live.

    A script starts when the platform has accepted the station, or after 15 seconds without: then it plays offline.
    """
    script = _read_script(script_file, script_text)
    if leave and not script:
        raise click.UsageError("--exit needs a script: give --script FILE or --do TEXT")
    outlets = make_outlets(evses, dc=dc, max_amps=max_amps, max_watts=max_watts)
    config = StationConfig(identity, Version(version), vendor, model, serial, outlets=outlets, password=password,
                           extra_variables=extra_variables)
    _check_url(url)
    if (cert is None) is not (key is None):
        raise click.UsageError("--cert and --key go together")
    try:
        runner = Runner(config, url, speed=speed, tls=tls_context(url, ca, insecure=insecure), keep=keep)
        if cert is not None and key is not None:
            certificates.take_own(runner.station, cert, key)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    console = Console(soft_wrap=True)
    live = console.is_terminal and not plain
    failure = _run(runner, script, console, leave=leave, live=live)
    if failure is not None:
        raise click.ClickException(failure)


def _run(runner: Runner, script: tuple[Step, ...], console: Console, *, leave: bool, live: bool) -> str | None:
    try:
        return trio.run(_perform, runner, script, console, leave, live)
    except KeyboardInterrupt:
        return None
    except BaseExceptionGroup as group:
        if group.split(KeyboardInterrupt)[1] is None:
            return None
        raise


async def _perform(runner: Runner, script: tuple[Step, ...], console: Console, leave: bool, live: bool) -> str | None:
    failure: str | None = None
    async with trio.open_nursery() as nursery:
        nursery.start_soon(terminal.show_live if live else terminal.show_lines, runner, console)
        _take_on_manners(runner, script)
        nursery.start_soon(runner.run)
        if script:
            await runner.first_accepted(BOOT_S)
            try:
                await run_script(script, runner)
            except ScriptFailedError as error:
                failure = str(error)
                runner.station.note(failure)
        if leave or failure is not None:
            if failure is None and not await _delivered(runner):
                failure = f"not everything was delivered within {SYNC_S:.0f} s: {runner.ended_by or 'no answer'}"
            await trio.sleep(terminal.REFRESH_S * 2)
            nursery.cancel_scope.cancel()
    return failure


def _take_on_manners(runner: Runner, script: tuple[Step, ...]) -> None:
    """Lasting bad manners that a script begins with hold from the first connection on, as "no boot" must."""
    for step in script:
        if not isinstance(step.statement, Misbehave) or step.statement.kind not in conduct.LASTING:
            return
        runner.link.misbehave(step.statement.kind)


async def _delivered(runner: Runner) -> bool:
    deadline = trio.current_time() + SYNC_S
    while trio.current_time() < deadline:
        if runner.link.idle and runner.station.online:
            return True
        await trio.sleep(LOOK_S)
    return False


def _read_script(file: TextIO | None, text: str | None) -> tuple[Step, ...]:
    if file is not None and text is not None:
        raise click.UsageError("give --script or --do, not both")
    source = file.read() if file is not None else text
    try:
        return parse(source) if source else ()
    except ScriptError as error:
        raise click.UsageError(str(error)) from error


def _check_url(url: str) -> None:
    if not url.startswith(("ws://", "wss://")):
        raise click.UsageError(f"--url must begin with ws:// or wss://, not {url!r}")


simulate.add_command(fleet_command.fleet)
simulate.add_command(partner_commands.contract_pool)
simulate.add_command(partner_commands.responder)


if __name__ == "__main__":
    simulate(prog_name="voltyard simulate")
