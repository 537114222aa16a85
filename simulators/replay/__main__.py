"""`voltyard replay`: a stored conversation of a station, played against another instance."""

import sys
from datetime import UTC, datetime

import click
import trio

from protocol.ocpp.version import Version
from simulators.replay.conversation import read
from simulators.replay.play import CannotPlay, Played, Player, Target
from simulators.replay.stored import CannotRead, Source, read_frames


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--station", required=True, metavar="ID", help="Whose frames: identity or id.")
@click.option("--from", "since", required=True, metavar="TIME", help="ISO 8601, as 2026-03-01T12:00:00Z.")
@click.option("--to", "until", metavar="TIME", help="Up to here, excluded; without it, up to now.")
@click.option("--against", required=True, metavar="URL", help="The test instance: ws://host:port/ocpp.")
@click.option("--as", "identity", metavar="ID", help="The identity to use there.  [the station's]")
@click.option("--password", help="The station's password there.")
@click.option("--ocpp", type=click.Choice([version.value for version in Version]),
              help="The version.  [the one the station last spoke]")
@click.option("--speed", type=click.FloatRange(0.01, 100_000), default=1.0, show_default=True,
              help="Seconds of then in one second.")
@click.option("--url", default="http://127.0.0.1:8080", show_default=True, help="The node that has the frames.")
@click.option("--token", envvar="VOLTYARD_ADMIN_TOKEN", help="A token for it.  [VOLTYARD_ADMIN_TOKEN]")
@click.option("--tenant", default="default", show_default=True, help="Whose station it is.")
def replay(station: str, since: str, until: str | None, against: str, identity: str | None, password: str | None,
           ocpp: str | None, speed: float, url: str, token: str | None, tenant: str) -> None:
    """Play the station's side of a stored conversation against a test instance, and tell how its answers differ.

    Exit code 1 when they do. Ids and times are not compared. Secrets are not stored, so they are not said either.
    """
    if not against.startswith(("ws://", "wss://")):
        raise click.UsageError(f"--against {against!r}: an address that begins with ws:// or wss://")
    if not token:
        raise click.UsageError("no token: give --token or set VOLTYARD_ADMIN_TOKEN")
    begin, end = _moment("--from", since), None if until is None else _moment("--to", until)
    source = Source(url, token, tenant)
    try:
        played = trio.run(_perform, source, station, begin, end, against, identity, password, ocpp, speed)
    except* (CannotRead, CannotPlay) as group:
        raise click.ClickException(str(_first(group))) from None
    click.echo(f"{played.said} messages said, {played.answered} answered, {played.asked} asked; "
               f"{len(played.differences)} differences")
    if played.hidden:
        click.echo(f"{played.hidden} messages were said without their secrets, which are not stored: what is answered "
                   "to those may differ for that reason alone")
    sys.exit(int(bool(played.differences)))


async def _perform(source: Source, station: str, since: datetime, until: datetime | None, against: str,
                   identity: str | None, password: str | None, ocpp: str | None, speed: float) -> Played:
    spoken, frames = await read_frames(source, station, since, until)
    version = ocpp or spoken
    if version is None:
        raise CannotRead(f"{station} has not connected yet, so its version is not known: give --ocpp")
    if not frames:
        raise CannotRead(f"no frames of {station} are stored in that time; see `frame_log` of the station")
    target = Target(against, identity or station, Version(version).subprotocol, password)
    return await Player(read(frames), speed, click.echo).run(target)


def _moment(name: str, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"{name} {text!r}: a time as 2026-03-01T12:00:00Z") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _first(group: BaseExceptionGroup[Exception]) -> BaseException:
    found: BaseException = group
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found


if __name__ == "__main__":
    replay(prog_name="voltyard replay")
