"""What somebody who starts a node reads: where it listens, how to sign in, and one line to try next."""

from collections.abc import Sequence

import click

from gateway.admin_token import AdminToken


def announce(api: Sequence[str], ocpp: Sequence[str], token: AdminToken, *, demo: bool) -> None:
    """Prints it. The token is shown only in the start that made it; later starts say where it is kept."""
    lines = ["", click.style("Voltyard is ready.", bold=True)]
    lines += [f"  stations connect to   {url}/ocpp/{{identity}}" for url in ocpp]
    lines += [f"  API and documentation {url}/docs" for url in api]
    if token.made:
        lines.append(f"  admin token           {token.value}   (shown once; kept in {token.path})")
    elif token.path is not None:
        lines.append(f"  admin token           in {token.path}")
    if demo:
        lines.append("  demo                  eight simulated stations, with cars that come and go")
    if api:
        bearer = f"$(cat {token.path})" if token.path is not None else "$VOLTYARD_ADMIN_TOKEN"
        what = "sessions" if demo else "stations"
        lines += ["", "Try next:", f'  curl -s -H "Authorization: Bearer {bearer}" {api[0]}/api/v1/{what}', ""]
    click.echo("\n".join(lines))
