"""Certificates, their authorities, and the trust store of a station."""

from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from actors.ports import DEFAULT_TENANT
from tests.support.api import NOW, Api

BODIES: dict[tuple[str, str], Any] = {}


def certificate(station: UUID, **columns: Any) -> dict[str, Any]:
    """A row that has been accepted."""
    row = {
        "id": uuids.uuid7(), "station_id": station, "use": "station", "status": "accepted", "subject": "CN=SN-1",
        "issuer": "CN=Issuing", "issuer_hash": "ab", "serial": "5f2a", "not_before": NOW, "not_after": NOW,
        "chain": "-----BEGIN CERTIFICATE-----", "created_at": NOW, "updated_at": NOW,
    }  # fmt: skip
    return row | columns


def authority(**columns: Any) -> dict[str, Any]:
    """A row that signs."""
    row = {
        "id": uuids.uuid7(), "organization": "Example", "root": "R\n", "issuing": "I\n", "root_hash": "aa",
        "issuer_hash": "ab", "key_id": "k", "root_key": b"sealed-root", "issuing_key": b"sealed-issuing",
        "crl": b"list", "crl_number": 1, "crl_until": NOW, "created_at": NOW, "not_after": NOW,
    }
    return row | columns


async def insert(api: Api, table: str, row: dict[str, Any]) -> UUID:
    """As the worker writes it, which is no other role than the API's."""
    row = {"tenant_id": DEFAULT_TENANT} | row
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    query = f"insert into {table} ({', '.join(row)}) values ({places})"
    await api.context.reads.run_as_tenant(DEFAULT_TENANT, lambda connection: connection.execute(query, *row.values()))
    return UUID(str(row["id"]))


async def fill(api: Api, station: UUID, mark: str) -> dict[str, str]:
    made = await insert(api, "certificates", certificate(station, subject=mark))
    await insert(api, "certificate_authorities", authority(organization=mark))
    return {"certificates": str(made)}
