"""Charging profiles, limits, needs, grid controls, batteries, and what a station fetches."""

from uuid import UUID

from tests.support.api import NOW, Api

_KINDS = (
    "charging_profile", "external_limit", "charging_needs", "der_control", "der_alarm", "battery", "battery_swap",
)  # fmt: skip


async def fill(api: Api, station: UUID, mark: str) -> dict[str, str]:
    for kind in _KINDS:
        data = {
            "id": 7, "evse": 1, "purpose": "TxProfile", "stack_level": 9, "transaction_id": "other", "source": mark,
            "token": mark, "type": mark, "kind": mark,
        }
        await api.insert("station_objects", {
            "station_id": station, "kind": kind, "key": mark, "data": data, "since": NOW, "received_at": NOW,
        })
    await api.insert("dynamic_limits", {
        "station_id": station, "profile": 7, "limits": {"setpoint": -5000}, "set_at": NOW, "set_by": mark,
    })
    return {"profile": "7"}
