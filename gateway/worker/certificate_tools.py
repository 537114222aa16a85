"""What handlers about certificates share: which authority signs, and how events about a certificate read."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from gateway.services.ca import Authority
from gateway.services.ca_own import OwnAuthority
from gateway.services.ca_remote import RemoteAuthority
from gateway.worker.outcome import Tools
from storage.jobs import NewJob
from storage.pool import Connection
from storage.web.certificates import CertificateRow

WATCH: Final = "watch-certificates"


def own_authority(tools: Tools) -> OwnAuthority:
    """The tenants' own ones."""

    async def database(tenant_id: UUID, work: Callable[[Connection], Awaitable[Any]]) -> Any:
        return await tools.database(tenant_id, work)

    url = tools.settings.public_url
    return OwnAuthority(database, tools.settings.data_dir, tools.new_id, None if url is None else url.rstrip("/"))


def authority(tools: Tools, use: str) -> Authority:
    """Whoever signs certificates of that use."""
    settings = tools.settings
    if settings.certificate_authority_url is None or use not in settings.certificate_authority_uses:
        return own_authority(tools)
    return RemoteAuthority(
        settings.certificate_authority_url, settings.certificate_authority_deadline,
        settings.certificate_authority_token, settings.certificate_authority_ca,
    )  # fmt: skip


def about(row: CertificateRow) -> dict[str, Any]:
    """The fields that all events about a certificate have."""
    return {"certificate_id": row.id, "station_id": row.station_id, "station": row.station, "use": row.use}


async def watch(tools: Tools, tenant_id: UUID, now: datetime) -> None:
    """From now on somebody looks after this tenant's certificates."""
    await tools.begin(NewJob(tenant_id, tools.new_id(), WATCH, WATCH, None, None, now, now))
