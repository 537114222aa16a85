"""Whom contracts are trusted from, vendors' messages and the rules for them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import uuid_utils.compat as uuids

from simulators.ocsp.authority import make_authority
from tests.support.api import NOW, Api

_AUTHORITY = make_authority("http://127.0.0.1:9", datetime.now(UTC))

BODIES = {("POST", "/contract-roots"): {"use": "V2GRoot", "pem": _AUTHORITY.root.pem}}


async def fill(api: Api, station: UUID, mark: str) -> dict[str, str]:
    root, rule = uuids.uuid7(), uuids.uuid7()
    await api.insert("contract_roots", {
        "id": root, "use": "SubCA", "name": mark, "subject": mark, "fingerprint": "00", "not_before": NOW,
        "not_after": NOW + timedelta(days=1), "pem": _AUTHORITY.sub.pem, "created_at": NOW,
    })
    await api.insert("data_transfer_rules", {
        "id": rule, "vendor_id": mark, "direction": "in", "answer": "accept", "created_at": NOW, "updated_at": NOW,
    })
    await api.insert("station_reports", {
        "id": uuids.uuid7(), "station_id": station, "action": "DataTransfer", "received_at": NOW,
        "payload": {"direction": "in", "vendorId": mark, "data": mark, "status": "Accepted"},
    })
    rules = f"/data-transfers/rules/{rule}"
    return {"contract-roots": str(root), "/data-transfers/rules/{id}": rules}
