"""Reports of the device model, network slots, boot policies, model profiles and templates."""

from uuid import UUID

import uuid_utils.compat as uuids

from tests.support.api import NOW, Api


async def fill(api: Api, station: UUID, mark: str) -> dict[str, str]:
    for kind in ("report", "network_profile"):
        await api.insert("station_objects", {
            "station_id": station, "kind": kind, "key": "1", "since": NOW, "received_at": NOW,
        })
    made = {"boot-policies": uuids.uuid7(), "model-profiles": uuids.uuid7(), "templates": uuids.uuid7()}
    common = {"created_at": NOW, "updated_at": NOW}
    await api.insert("boot_policies", common | {"id": made["boot-policies"], "site": mark})
    await api.insert("model_profiles", common | {"id": made["model-profiles"], "name": mark, "vendor": mark})
    await api.insert("templates", common | {"id": made["templates"], "name": mark})
    return {name: str(each) for name, each in made.items()}
