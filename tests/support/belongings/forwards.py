"""Other backends that stations are told to."""

from uuid import UUID

import uuid_utils.compat as uuids

from tests.support.api import NOW, Api


async def fill(api: Api, station: UUID, mark: str) -> dict[str, str]:
    forward = uuids.uuid7()
    await api.insert_own("forwards", {
        "id": forward, "station_id": station, "url": f"wss://{mark}.example", "identity": mark, "created_at": NOW,
        "updated_at": NOW,
    })
    return {"forwards": str(forward)}


BODIES = {("POST", "/forwards"): {"station": "belongs-to-default", "url": "wss://other.example/ocpp"}}
