"""Opens the services of a node, for as long as it runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.services.outside import OutsideServices, Service
from gateway.settings import Settings
from storage.pool import Pool


@asynccontextmanager
async def open_services(settings: Settings, web: Pool) -> AsyncIterator[OutsideServices]:
    """A line in `table` for each service; `web` is voltyard_web's pool (one tenant per transaction)."""
    table: dict[str, Service] = {}
    yield OutsideServices(table)
