"""`voltyard doctor station ID`: why a station does not connect, from the running node or from its database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import click
import httpx
import msgspec
import trio

from gateway.admin_token import FILE
from gateway.settings import Settings
from storage import migrate
from storage.bridge import open_bridge
from storage.embedded import embedded_postgres
from storage.errors import StoreError
from storage.outside_roles import RoleUrls, prepare_roles
from storage.web.diagnosis import Known, gather
from storage.web.tenants import find_tenant
from web.diagnosis import DiagnosisView, diagnose

_DEADLINE = 20.0
_MARKS = {"ok": ("ok  ", "green"), "note": ("note", "yellow"), "wrong": ("FAIL", "red")}


class CannotExamine(StoreError):  # noqa: N818 - a sentence for whoever asks
    """Neither a node nor a database says anything; the text says what to do."""


async def examine(settings: Settings, station: str, tenant: str, url: str | None) -> DiagnosisView:
    """What the node says, or what its database does when no node answers. Raises CannotExamine and StoreError."""
    address = url or _address(settings)
    token = settings.admin_token or await trio.to_thread.run_sync(_kept_token, settings)
    if token is not None:
        try:
            return await _asked(address, token, station, tenant)
        except httpx.TransportError as error:
            if url is not None:
                raise CannotExamine(f"no node answers at {url}: {str(error) or type(error).__name__}") from error
    elif url is not None:
        raise CannotExamine("no administrator's token: set VOLTYARD_ADMIN_TOKEN, or VOLTYARD_DATA_DIR to the node's")
    return await _looked_up(settings, station, tenant)


def _address(settings: Settings) -> str:
    at = settings.http_listen
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(at.host, at.host)  # noqa: S104 - asked, not listened at
    shown = f"[{host}]" if ":" in host else host
    return f"{'https' if at.tls else 'http'}://{shown}:{at.port}"


def _kept_token(settings: Settings) -> str | None:
    try:
        return (settings.data_dir / FILE).read_text("ascii").strip() or None
    except OSError:
        return None


async def _asked(address: str, token: str, station: str, tenant: str) -> DiagnosisView:
    headers = {"Authorization": f"Bearer {token}", "Voltyard-Tenant": tenant}
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=_DEADLINE, trust_env=False) as client:
        answer = await client.get(f"/api/v1/stations/{quote(station, safe='')}/diagnosis")
    if answer.status_code == 200:
        return msgspec.json.decode(answer.content, type=DiagnosisView)
    raise CannotExamine(_problem(answer, address))


def _problem(answer: httpx.Response, address: str) -> str:
    try:
        body: Any = answer.json()
    except ValueError:
        body = {}
    if not isinstance(body, dict) or "detail" not in body:
        return f"{address} answers {answer.status_code}: is a Voltyard node there?"
    advice = {
        401: "; the token of VOLTYARD_ADMIN_TOKEN or of the data directory is not this node's",
        404: "; nothing of this name was refused within 30 days either: the station does not reach this node, or it "
             "sends another identity",
    }.get(answer.status_code, "")  # fmt: skip
    return f"{body['detail']}{advice}"


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[RoleUrls]:
    """As it is: nothing is made and nothing migrated."""
    if settings.database_url is not None:
        urls = await prepare_roles(settings.database_url, settings.database_owner_url)
        await _up_to_date(urls)
        yield urls
        return
    if not settings.data_dir.is_dir() or not any(settings.data_dir.glob("postgres*")):
        raise CannotExamine(
            f"no node answers, and there is no database in {settings.data_dir}: set VOLTYARD_DATA_DIR to the node's"
        )
    async with embedded_postgres(settings.data_dir, lambda line: None) as cluster:
        urls = RoleUrls(cluster.url("owner"), cluster.url("node"), cluster.url("web"))
        await _up_to_date(urls)
        yield urls


async def _up_to_date(urls: RoleUrls) -> None:
    if await migrate.pending(urls.owner):
        raise CannotExamine("the database is of an older version: run `voltyard migrate` or start the node")


async def _looked_up(settings: Settings, station: str, tenant: str) -> DiagnosisView:
    """From the database, as the web role would see it. What only a running node knows is missing."""
    now = datetime.now(UTC)
    async with (
        _database(settings) as urls,
        open_bridge() as bridge,
        bridge.pool(urls.node, size=1) as node,
        bridge.pool(urls.web, size=1) as web,
    ):
        with trio.fail_after(_DEADLINE):
            found = await find_tenant(node, tenant)
            if found is None:
                raise CannotExamine(f"there is no tenant {tenant!r}")

            async def work(connection: Any) -> Known:
                return await gather(connection, station, tenant, now)

            known = await web.run_as_tenant(found.id, work)
    if known.row is None and not known.refusals:
        raise CannotExamine(
            f"no station has the identity or id {station!r}, and nothing like it was refused within 30 days"
        )
    return diagnose(known, None, tenant, now)


def wrong(found: DiagnosisView) -> bool:
    return any(each.severity == "wrong" for each in found.findings)


def shown(found: DiagnosisView, *, as_json: bool, colours: bool) -> str:
    """For a terminal, or as JSON."""
    if as_json:
        return msgspec.json.format(msgspec.json.encode(found), indent=2).decode()
    lines = [
        f"Station:     {found.station}",
        f"Id:          {found.station_id or 'none: it is not configured'}",
        f"Connection:  {'online' if found.online else 'offline'}",
        f"Examined:    {found.examined_at}",
        "",
    ]
    for each in found.findings:
        mark, colour = _MARKS[each.severity]
        times = f" ({each.count} times)" if each.count is not None and each.count > 1 else ""
        at = f"  [{each.at}]" if each.at else ""
        lines.append(f"{click.style(mark, fg=colour) if colours else mark}  {each.code}: {each.text}{times}{at}")
        lines += [f"      → {each.advice}"] if each.advice else []
        lines += [f"      | {line}" for line in (each.request or "").splitlines()]
    if not found.findings:
        lines.append("ok    nothing is known against it")
    return "\n".join(lines)
