"""Reports of the device model, network slots, boot policies, model profiles and templates."""

from uuid import UUID

from tests.support.api import NOW, Api


async def fill(api: Api, station: UUID, mark: str) -> dict[str, str]:
    for kind in ("report", "network_profile"):
        await api.insert("station_objects", {
            "station_id": station, "kind": kind, "key": "1", "since": NOW, "received_at": NOW,
        })
    made = {}
    for name, body in (
        ("boot-policies", {"site": mark}), ("model-profiles", {"name": mark, "vendor": mark}),
        ("templates", {"name": mark, "items": [{"key": mark, "value": mark}]}),
    ):
        answer = await api.post(f"/{name}", body)
        assert answer.status_code == 201, answer.text
        made[name] = answer.json()["id"]
    return made
