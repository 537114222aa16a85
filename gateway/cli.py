"""The `voltyard` command. What a command needs is imported when it runs, so that `--help` answers at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from gateway.settings import Settings
    from gateway.settings_load import Loaded

_EPILOG = "Settings come from VOLTYARD_… variables over an optional voltyard.toml: `voltyard settings` lists them all."
_PASSED_ON = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}


@click.group(epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="voltyard", message="voltyard %(version)s")
def main() -> None:
    """Voltyard: runs a fleet of EV chargers. OCPP to stations, REST to you, PostgreSQL underneath."""


@main.command(short_help="Run one node.")
@click.option("--role", metavar="LIST", help="What this node does: ocpp, web, worker. Overrides VOLTYARD_ROLES.")
@click.option("--demo/--no-demo", default=False, help="With simulated stations, when the database is still empty.")
def run(role: str | None, demo: bool) -> None:
    """Run one node until SIGTERM or Ctrl-C; a second one ends it at once."""
    with _said_plainly():
        loaded = _load({"VOLTYARD_ROLES": role} if role else {})
        _configure_logging(loaded)
        from gateway.main import run_node

        _trio(run_node, loaded.settings, demo)


@main.command()
def migrate() -> None:
    """Apply the migrations that the database lacks."""
    with _said_plainly():
        applied: list[str] = _trio(_migrate, _load().settings)
        for name in applied:
            click.echo(f"applied {name}")
        click.echo("The database is up to date." if not applied else f"{len(applied)} applied; up to date.")


async def _migrate(settings: Settings) -> list[str]:
    from storage.embedded import embedded_postgres
    from storage.migrate import migrate as apply
    from storage.outside_roles import prepare_roles

    if settings.database_url is not None:
        urls = await prepare_roles(settings.database_url, settings.database_owner_url)
        return await apply(urls.owner)
    async with embedded_postgres(settings.data_dir, click.echo) as cluster:
        return await apply(cluster.url("owner"))


@main.group(invoke_without_command=True)
@click.pass_context
def doctor(context: click.Context) -> None:
    """Check the set-up and say what to do. Exit code 1 when something is wrong."""
    if context.invoked_subcommand is not None:
        return
    with _said_plainly():
        from gateway.doctor import Health, examine

        findings = _trio(examine, _load())
        for finding in findings:
            mark, colour = {Health.WELL: ("ok  ", "green"), Health.ODD: ("note", "yellow")}.get(
                finding.health, ("FAIL", "red")
            )
            click.echo(f"{click.style(mark, fg=colour)}  {finding.what}")
            if finding.advice:
                click.echo(f"      → {finding.advice}")
        sys.exit(int(any(finding.health is Health.WRONG for finding in findings)))


@doctor.command("station", short_help="Why a station does not connect.")
@click.argument("station")
@click.option("--tenant", default="default", show_default=True, metavar="SLUG", help="Whose station it is.")
@click.option("--url", metavar="URL", help="The node's HTTP address, when it is not the one in the settings.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
def doctor_station(station: str, tenant: str, url: str | None, as_json: bool) -> None:
    """Say why STATION (identity or id) does not connect, and what to do. Exit code 1 when something is wrong.

    Asks the running node, with the administrator's token; when none runs, looks into the database itself.
    """
    with _said_plainly():
        from gateway.doctor_station import examine, shown, wrong

        found = _trio(examine, _load().settings, station, tenant, url)
        click.echo(shown(found, as_json=as_json, colours=sys.stdout.isatty()))
        sys.exit(int(wrong(found)))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
def settings(as_json: bool) -> None:
    """List every setting: value, source, meaning. Secrets are not shown."""
    with _said_plainly():
        loaded = _load()
        rows = loaded.rows()
        if as_json:
            import attrs
            import orjson

            click.echo(orjson.dumps([attrs.asdict(row) for row in rows], option=orjson.OPT_INDENT_2))
            return
        for row in rows:
            click.echo(f"{click.style(row.variable, bold=True)} = {row.value}  [{row.source}]\n    {row.meaning}")
        for name in loaded.unknown:
            click.echo(click.style(f"{name} is set and means nothing", fg="yellow"), err=True)


@main.command()
def openapi() -> None:
    """Print the OpenAPI 3.1 document of the API."""
    with _said_plainly():
        from gateway.main import openapi_document

        click.echo(openapi_document())


@main.command(context_settings=_PASSED_ON, add_help_option=False, short_help="Simulated stations and fleets.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def simulate(arguments: tuple[str, ...]) -> None:
    """Simulated stations and fleets: `voltyard simulate station --help`."""
    _become("simulators.cli", arguments)


@main.command(context_settings=_PASSED_ON, add_help_option=False, short_help="Measure this machine.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def bench(arguments: tuple[str, ...]) -> None:
    """Measure this machine against a floor and a yardstick: `voltyard bench --help`."""
    _become("simulators.bench", arguments)


@main.command(context_settings=_PASSED_ON, add_help_option=False, short_help="Play a stored conversation again.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def replay(arguments: tuple[str, ...]) -> None:
    """Play a station's stored conversation against a test instance: `voltyard replay --help`."""
    _become("simulators.replay", arguments)


@main.command(short_help="Write database and private files to FILE.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write database and private files to FILE, while the node runs or not."""
    with _said_plainly():
        from storage import backup as work

        chosen = _load().settings
        url = chosen.database_owner_url or chosen.database_url
        _trio(lambda: work.backup(chosen.data_dir, file, click.echo, database_url=url))


@main.command(short_help="Bring a backup back.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Bring a backup back; never over a database that has something in it."""
    with _said_plainly():
        from storage import backup as work

        chosen = _load().settings
        url = chosen.database_owner_url or chosen.database_url
        _trio(lambda: work.restore(chosen.data_dir, file, click.echo, database_url=url))


@main.group()
def rebuild() -> None:
    """Derive again what is derived from facts."""


@rebuild.command("sessions", short_help="All sessions that are not sealed.")
def rebuild_sessions() -> None:
    """Derive all sessions that are not sealed from their facts and readings again."""
    with _said_plainly():
        loaded = _load()
        _configure_logging(loaded)
        from gateway.rebuild import rebuild_sessions as work

        click.echo(_trio(work, loaded.settings, click.echo))


def _load(over: dict[str, str] | None = None) -> Loaded:
    from gateway.settings_load import load

    return load({**os.environ, **(over or {})})


def _configure_logging(loaded: Loaded) -> None:
    import structlog

    from gateway.logging import configure

    configure(loaded.settings.log_format, loaded.settings.log_level)
    for name in loaded.unknown:
        structlog.get_logger(__name__).warning("a variable is set that means nothing", variable=name)


def _trio(work: Callable[..., Any], *arguments: object) -> Any:
    import trio

    return trio.run(work, *arguments)


def _become(module: str, arguments: tuple[str, ...]) -> None:
    """Runs a module in a process of its own, in place of this one: signals and the exit code are then its own."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606 - our own interpreter


@contextmanager
def _said_plainly() -> Iterator[None]:
    """What somebody can put right is said in a sentence, without a traceback; our own faults keep theirs."""
    from gateway.settings import InvalidSetting
    from storage.errors import StoreError

    try:
        yield
    except (InvalidSetting, StoreError, BaseExceptionGroup) as error:
        for leaf in _leaves(error):
            if isinstance(leaf, KeyboardInterrupt):
                sys.exit(130)
            if not isinstance(leaf, (InvalidSetting, StoreError)):
                raise
        for leaf in _leaves(error):
            click.echo(click.style("error: ", fg="red") + str(leaf), err=True)
        sys.exit(2 if isinstance(_leaves(error)[0], InvalidSetting) else 1)


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for each in error.exceptions for leaf in _leaves(each)]
    return [error]


if __name__ == "__main__":
    main()
