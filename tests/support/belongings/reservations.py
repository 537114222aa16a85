"""Reservations."""

from datetime import timedelta
from uuid import UUID

from tests.support.api import NOW, Api

_ENDS = (NOW + timedelta(days=1)).isoformat()
BODIES = {("POST", "/reservations"): {"station": "belongs-to-default", "token": "A", "evse": 1, "expires_at": _ENDS}}


async def fill(api: Api, station: UUID, mark: str) -> dict[str, str]:
    later = {"starts_at": (NOW + timedelta(days=2)).isoformat(), "expires_at": (NOW + timedelta(days=3)).isoformat()}
    made = await api.post("/reservations", {"station": mark, "token": mark, "evse": 1, **later})
    assert made.status_code == 201, made.text
    return {"reservations": made.json()["id"]}
