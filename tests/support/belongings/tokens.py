"""Rules for tokens."""

from uuid import UUID

from tests.support.api import Api


async def fill(api: Api, station: UUID, mark: str) -> dict[str, str]:
    made = await api.post("/token-rules", {"site": mark, "unknown": "accept"})
    assert made.status_code == 201, made.text
    return {"token-rules": made.json()["id"]}
