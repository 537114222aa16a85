"""What stations hold and have told, and jobs."""

from uuid import UUID

import uuid_utils.compat as uuids

from tests.support.api import NOW, Api


async def fill(api: Api, station: UUID, mark: str) -> dict[str, str]:
    job = uuids.uuid7()
    await api.insert("station_objects", {
        "station_id": station, "kind": "reservation", "key": mark, "since": NOW, "received_at": NOW,
    })
    await api.insert("station_reports", {
        "id": uuids.uuid7(), "station_id": station, "action": mark, "received_at": NOW, "payload": {"m": mark},
    })
    await api.insert("jobs", {
        "id": job, "kind": mark, "station_id": station, "run_at": NOW, "created_at": NOW, "updated_at": NOW,
    })
    return {"kind": "reservation", "key": mark, "jobs": str(job)}
