"""One of everything in a tenant, and how each route of the API is asked for it: for tests that walk all routes."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from tests.support.api import NOW, Api
from tests.support.belongings import bodies, fill_all
from web.api.route import Route

OTHER = {"Voltyard-Tenant": "other"}
MARK = "belongs-to-default"


async def fill(api: Api) -> dict[str, str]:
    """One of everything for the default tenant, each with the mark; ids by the parameter of the path."""
    station_id = (await api.station(MARK, name=MARK))["id"]
    station = UUID(station_id)
    await api.post("/tokens", {"uid": MARK, "holder": MARK})
    session = await api.session(station_id, token=MARK)
    command, refusal = uuids.uuid7(), uuids.uuid7()
    await api.insert("station_states", {"station_id": station, "online": True, "version": "1.6"})
    await api.insert("connectors", {
        "station_id": station, "evse": 1, "connector": 1, "status": MARK, "since": NOW, "received_at": NOW,
    })
    await api.insert("commands", {
        "id": command, "station_id": station, "action": MARK, "status": "queued", "created_at": NOW,
    })
    await api.insert("jobs", {
        "id": command, "kind": "queued-command", "station_id": station, "run_at": NOW, "created_at": NOW,
        "updated_at": NOW,
    })
    await api.insert("refusals", {
        "id": refusal, "path": MARK, "identity": MARK, "address_prefix": "192.0.2.0/24", "reason": "unknown_identity",
        "count": 1, "first_at": NOW, "last_at": NOW,
    })
    await api.insert("variables", {"station_id": station, "component": "", "variable": MARK, "received_at": NOW})
    await api.insert("frames", {
        "station_id": station, "received_at": NOW, "id": uuids.uuid7(), "direction": "in", "outcome": "accepted",
        "text": MARK,
    })
    await api.insert("meter_values", {
        "station_id": station, "session_id": session, "received_at": NOW + timedelta(seconds=1), "at": NOW,
        "context": MARK, "sampled": "[]",
    })
    await api.insert("session_facts", {
        "id": uuids.uuid7(), "session_id": session, "kind": "began", "at": NOW, "received_at": NOW, "data": {"m": MARK},
    })
    await api.insert("events", {
        "id": uuids.uuid7(), "received_at": NOW, "type": "voltyard.station.online.v1", "subject": f"stations/{MARK}",
        "data": {"station": MARK},
    })
    known = {"station": MARK, "uid": MARK, "sessions": str(session), "commands": str(command), "refusals": str(refusal)}
    return known | await fill_all(api, station, MARK)


def address(route: Route, ids: dict[str, str]) -> str:
    """Where that route is for what `fill` has made."""
    if route.path in ids:
        return ids[route.path]

    def value(found: re.Match[str]) -> str:
        name = found[1]
        return ids[route.tag] if name == "id" else {"action": "Reset", "command": "limit"}.get(name) or ids[name]

    return re.sub(r"\{(\w+)\}", value, route.path)


def body(route: Route) -> dict[str, Any]:
    """What to send there that is valid, as the client takes it."""
    given = bodies().get((route.method, route.path))
    if given is not None:
        return {"json": given}
    if route.path.endswith(("/read", "/write")):
        return {"json": {"items": [{"key": "A", "value": "1"} if "write" in route.path else {"key": "A"}]}}
    return {"json": route.example} if route.example is not None else {}
