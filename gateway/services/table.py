"""Opens the services of a node, for as long as it runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.services.charging import charging_services
from gateway.services.contracts import contract_services
from gateway.services.http import open_http
from gateway.services.outside import OutsideServices, Service
from gateway.services.payments import payment_services
from gateway.settings import Settings
from storage.pool import Pool


@asynccontextmanager
async def open_services(settings: Settings, web: Pool) -> AsyncIterator[OutsideServices]:
    """A line in `table` for each service; `web` is voltyard_web's pool (one tenant per transaction)."""
    table: dict[str, Service] = {**charging_services(web)}
    async with open_http(private=settings.outside_private) as http:
        table |= contract_services(settings, http, web)
        table |= payment_services(settings, http)
        yield OutsideServices(table)
