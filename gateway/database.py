"""The database of a node: embedded or somebody's server, with its roles and with every migration applied."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog

from gateway.settings import Settings
from storage.embedded import embedded_postgres
from storage.migrate import migrate
from storage.outside_roles import RoleUrls, prepare_roles

log = structlog.get_logger(__name__)


@asynccontextmanager
async def open_database(settings: Settings, report: Callable[[str], None]) -> AsyncIterator[RoleUrls]:
    """Addresses for owner, node and web, ready to use; an embedded server runs while the block does."""
    if settings.database_url is not None:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        urls = await prepare_roles(settings.database_url, settings.database_owner_url)
        await _migrate(urls)
        yield urls
        return
    async with embedded_postgres(settings.data_dir, report) as cluster:
        urls = RoleUrls(cluster.url("owner"), cluster.url("node"), cluster.url("web"))
        await _migrate(urls)
        yield urls


async def _migrate(urls: RoleUrls) -> None:
    for name in await migrate(urls.owner):
        log.info("migrated", migration=name)
