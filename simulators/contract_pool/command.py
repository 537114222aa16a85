"""`voltyard simulate contract-pool` and `voltyard simulate ocsp`: partners of plug and charge."""

from datetime import UTC, datetime
from pathlib import Path

import click
import trio

from simulators.contract_pool.pool import WORDS, Pool
from simulators.http import Handle, serve
from simulators.ocsp.authority import make_authority
from simulators.ocsp.responder import MANNERS, Responder


@click.command("contract-pool")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", default=8090, show_default=True, type=click.IntRange(0, 65535), help="0: any that is free.")
@click.option("--token", help="The bearer token that has to be shown.")
@click.option("--script", default="ok", show_default=True,
              help=f"Answers in turn, the last one stays: {', '.join(WORDS)}.")
def contract_pool(host: str, port: int, token: str | None, script: str) -> None:
    """A pool of contract certificates that answers Get15118EVCertificate as scripted."""
    words = script.replace(",", " ").split()
    wrong = [word for word in words if word not in WORDS]
    if wrong or not words:
        raise click.UsageError(f"--script: {' '.join(wrong) or 'nothing'}; allowed are {', '.join(WORDS)}")
    _run(Pool(words, token).handle, host, port, "Contract pool")


@click.command("ocsp")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", default=8091, show_default=True, type=click.IntRange(1, 65535),
              help="It stands in the certificates.")
@click.option("--emaid", "emaids", multiple=True, default=("DE8AA1A2B3C4D5",), show_default=True,
              help="Contracts to make a certificate for; may be given several times.")
@click.option("--revoke", multiple=True, help="Contracts whose certificate is revoked.")
@click.option("--manner", type=click.Choice(MANNERS), help="A bad manner of the responder.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("var/contracts"),
              show_default=True, help="Folder for root.pem and a chain for each contract.")
def responder(host: str, port: int, emaids: tuple[str, ...], revoke: tuple[str, ...], manner: str | None,
              out: Path) -> None:
    """A contract authority: certificates for vehicles, their OCSP responder and revocation list."""
    now = datetime.now(UTC)
    authority = make_authority(f"http://{host}:{port}", now)
    served = Responder(authority, lambda: datetime.now(UTC), manner)
    out.mkdir(parents=True, exist_ok=True)
    (out / "root.pem").write_text(authority.root.pem)
    for emaid in dict.fromkeys((*emaids, *revoke)):
        issued = authority.contract(emaid)
        (out / f"{emaid}.pem").write_text(authority.chain(issued))
        if emaid in revoke:
            served.revoked.add(issued.certificate.serial_number)
    click.echo(f"root.pem and {len({*emaids, *revoke})} chains are in {out}")
    _run(served.handle, host, port, "OCSP responder (/ocsp) and revocation list (/crl)")


def _run(handle: Handle, host: str, port: int, what: str) -> None:
    async def main() -> None:
        async with trio.open_nursery() as nursery:
            number = await nursery.start(serve, handle, host, port)
            click.echo(f"{what} at http://{host}:{number}")

    try:
        trio.run(main)
    except* KeyboardInterrupt:
        click.echo("stopped")
