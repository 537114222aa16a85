"""Codes to pay by on the web."""

from uuid import UUID

import uuid_utils.compat as uuids

from actors.payment.codes import code
from tests.support.api import NOW, SEAL, Api

_SECRET = "secret of the codes"


async def fill(api: Api, station: UUID, mark: str) -> dict[str, str]:
    row = uuids.uuid7()
    await api.insert_own("web_payments", {
        "id": row, "station_id": station, "url_template": "https://p.example/{chargingstationid}/{totp}/{version}",
        "payment_page": f"https://{mark}.example", "validity_s": 3600, "length": 8, "updated_at": NOW,
        "secret_sealed": SEAL.close(_SECRET, row),
    })
    return {"evse": "0"}


_NOW = code(_SECRET, int(NOW.timestamp()) // 3600, 8)
BODIES = {("POST", "/web-payments"): {"url": f"https://p.example/belongs-to-default/{_NOW}/v1", "notify": False}}
