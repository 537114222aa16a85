"""Rules for certificates, authorities and security events."""

from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from actors.ports import DEFAULT_TENANT
from storage.web.security import NewAuthority, Policy, insert_authority, write_policy
from tests.support.api import NOW, Api
from tests.support.authority import make


async def fill(api: Api, station: UUID, mark: str) -> dict[str, str]:
    async def write(connection: Any) -> None:
        await write_policy(connection, DEFAULT_TENANT, Policy([mark]), NOW)
        await insert_authority(connection, NewAuthority(DEFAULT_TENANT, mark.lower(), mark, "PEM", NOW, NOW))

    await api.context.reads.run_as_tenant(DEFAULT_TENANT, write)
    await api.insert("station_reports", {
        "id": uuids.uuid7(), "station_id": station, "action": "SecurityEventNotification", "received_at": NOW,
        "payload": {"type": mark, "timestamp": "2026-03-01T12:00:00Z"},
    })  # fmt: skip
    return {"fingerprint": mark.lower()}


BODIES = {("POST", "/client-authorities"): {"certificate": make("Belongings", authority=True).pem}}
