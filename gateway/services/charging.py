"""What is looked up for stations' smart-charging messages: reports, vehicles' schedules, values that are fetched.

The decisions are those of actors/charging/incoming.py; here is only what we hold.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from actors.charging.objects import schedules_of, values_of
from gateway.services.outside import Service
from storage.pool import Connection, Pool
from storage.web import charging as rows
from storage.web.objects import get_object

PAUSE_S: Final = 30
"""A schedule is to come within 60 s (K15.FR.08)."""


def charging_services(web: Pool) -> Mapping[str, Service]:
    """By kind of consultation (actors/charging/consulting.py)."""

    def report(action: str, kind: str) -> Service:
        async def service(tenant_id: UUID, station_id: UUID, about: Any) -> Any:
            async def look(connection: Connection) -> Any:
                criteria = await rows.asked(connection, station_id, about["request_id"], action)
                return {"criteria": criteria, "set_by": await rows.setters(connection, station_id, kind)}

            return await web.run_as_tenant(tenant_id, look)

        return service

    async def given(tenant_id: UUID, station_id: UUID, about: Any) -> Any:
        transaction = about["transaction_id"]
        if transaction is None:
            return {}

        async def look(connection: Connection) -> Any:
            found = await rows.given(connection, station_id, transaction, f"{station_id}/{transaction}")
            return {
                "profile": found.profile, "control_mode": found.control_mode, "renegotiated": found.renegotiated
            }  # fmt: skip

        return await web.run_as_tenant(tenant_id, look)

    async def plan(tenant_id: UUID, station_id: UUID, about: Any) -> Any:
        return await web.run_as_tenant(tenant_id, lambda connection: at_hand(connection, station_id, about))

    async def dynamic(tenant_id: UUID, station_id: UUID, about: Any) -> Any:
        return await web.run_as_tenant(tenant_id, lambda connection: values(connection, station_id, about["profile"]))

    return {
        "charging_report": report("GetChargingProfiles", "charging_profile"),
        "der_report": report("GetDERControl", "der_control"),
        "charging_given": given,
        "charging_plan": plan,
        "dynamic_limit": dynamic,
    }


async def at_hand(connection: Connection, station_id: UUID, about: Mapping[str, Any]) -> dict[str, Any]:
    """The schedule that the operator has given this transaction, when the vehicle can take it; else nothing.

    A vehicle that tells its needs again after a schedule gets it once more (K16.FR.12), then after a pause, since a
    station may take each sending for a new renegotiation.
    """
    transaction = about["transaction_id"]
    if transaction is None:
        return {}
    found = await rows.given(connection, station_id, transaction, f"{station_id}/{transaction}/needs")
    most = about["most_periods"]
    if found.profile is None or most == 0:
        return {}
    if most is not None and any(len(each["chargingSchedulePeriod"]) > most for each in schedules_of(found.profile)):
        return {}  # K15.FR.07, K18.FR.07: more periods than the vehicle takes
    return {"status": "Accepted", "profile": found.profile, "pause_s": PAUSE_S if found.renegotiated else 0}


async def values(connection: Connection, station_id: UUID, profile: int) -> dict[str, Any]:
    """What a fetch gets: the newest of what the operator set, what was pushed, and the profile's own period.

    `dynamic`: whether there is such a Dynamic profile; `news`: the station was told other values last.
    """
    wanted = await rows.get_dynamic(connection, station_id, profile)
    held = await get_object(connection, station_id, "charging_profile", str(profile))
    last = await get_object(connection, station_id, "dynamic_limit", str(profile))
    data = None if held is None or held.removed_at is not None else held.data
    if (data is None and wanted is None) or (data is not None and data["kind"] != "Dynamic"):
        return {"dynamic": False, "values": {}, "news": False, "source": None}
    pushed = last.data if last is not None and last.data.get("source") == "push" else None
    newer = pushed is not None and (wanted is None or wanted.set_at < datetime.fromisoformat(pushed["pushed_at"]))
    if pushed is not None and newer:
        return {
            "dynamic": True, "values": pushed["values"], "news": False, "source": "push",
            "pushed_at": pushed["pushed_at"],
        }  # fmt: skip
    if wanted is not None:
        found, source = wanted.limits, "operator"
    else:
        found, source = own_values(data or {}), "profile"
    news = last is None or last.data.get("values") != found
    return {"dynamic": True, "values": found, "news": news, "source": source}


def own_values(data: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a Dynamic profile's only period."""
    [schedule, *_] = schedules_of(data["profile"])
    return values_of(schedule["chargingSchedulePeriod"][0])
