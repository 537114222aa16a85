"""Whom contracts are trusted from, vendors' messages and the rules for them."""

from datetime import UTC, datetime
from uuid import UUID

import uuid_utils.compat as uuids

from simulators.ocsp.authority import make_authority
from tests.support.api import NOW, Api

_AUTHORITY = make_authority("http://127.0.0.1:9", datetime.now(UTC))

BODIES = {("POST", "/contract-roots"): {"use": "V2GRoot", "pem": _AUTHORITY.root.pem}}


async def fill(api: Api, station: UUID, mark: str) -> dict[str, str]:
    root = (await api.post("/contract-roots", {"use": "SubCA", "name": mark, "pem": _AUTHORITY.sub.pem})).json()["id"]
    rule = (await api.post("/data-transfers/rules", {"vendor": mark, "answer": "accept"})).json()["id"]
    await api.insert("station_reports", {
        "id": uuids.uuid7(), "station_id": station, "action": "DataTransfer", "received_at": NOW,
        "payload": {"direction": "in", "vendorId": mark, "data": mark, "status": "Accepted"},
    })
    return {"contract-roots": root, "/data-transfers/rules/{id}": f"/data-transfers/rules/{rule}"}
