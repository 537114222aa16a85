"""Messages on displays, tariffs, settlements and signed values."""

from typing import Any
from uuid import UUID

from tests.support.api import NOW, Api

BODIES: dict[tuple[str, str], Any] = {
    ("POST", "/display-messages"): {
        "site": "nowhere", "id": 7, "priority": "InFront", "texts": [{"content": "Hello"}],
    },
    ("POST", "/station-tariffs"): {"site": "nowhere", "tariff": {"tariffId": "T", "currency": "EUR"}},
    ("PATCH", "/sessions/{id}"): {},
}  # fmt: skip


async def fill(api: Api, station: UUID, mark: str) -> dict[str, str]:
    async def held(kind: str, key: str, data: dict[str, Any], status: str | None = None) -> None:
        await api.insert("station_objects", {
            "station_id": station, "kind": kind, "key": key, "data": data, "status": status, "since": NOW,
            "received_at": NOW,
        })  # fmt: skip

    await held("display_message", "7", {"id": 7, "priority": "InFront", "texts": [{"format": "UTF8", "content": mark}]})
    await held("tariff", f"{mark}@1", {"tariff_id": mark, "evse": 1, "kind": "DefaultTariff"})
    await held("tariff_content", mark, {"tariffId": mark, "currency": "EUR"})
    await held("settlement", mark, {"psp_ref": mark, "status": "Settled", "amount": "1", "at": "now"}, "Settled")
    session = await api.node.fetchval("select id from sessions where station_id = $1 limit 1", station)
    await api.insert("meter_values", {
        "station_id": station, "session_id": session, "received_at": NOW, "at": NOW,
        "sampled": f'[{{"value":"{mark}","format":"SignedData"}}]',
    })  # fmt: skip
    return {"display-messages": "7", "number": "1"}
