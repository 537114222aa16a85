"""Reports of the device model and network slots."""

from uuid import UUID

from tests.support.api import NOW, Api


async def fill(api: Api, station: UUID, mark: str) -> dict[str, str]:
    for kind in ("report", "network_profile"):
        await api.insert("station_objects", {
            "station_id": station, "kind": kind, "key": "1", "since": NOW, "received_at": NOW,
        })
    return {}
