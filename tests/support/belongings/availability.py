"""What shall be out of service, and when."""

from datetime import timedelta
from uuid import UUID

from tests.support.api import NOW, Api

_STARTS = (NOW + timedelta(days=1)).isoformat()
BODIES = {("POST", "/availability-plans"): {"station": "belongs-to-default", "starts_at": _STARTS}}


async def fill(api: Api, station: UUID, mark: str) -> dict[str, str]:
    await api.insert("station_objects", {
        "station_id": station, "kind": "availability", "key": "station", "since": NOW, "received_at": NOW,
        "data": {"evse": 0, "operative": False},
    })
    made = await api.post("/availability-plans", {"station": mark, "starts_at": _STARTS, "reason": mark})
    assert made.status_code == 201, made.text
    return {"availability-plans": made.json()["id"]}
