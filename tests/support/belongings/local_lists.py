"""Rules for local lists, and a list."""

from uuid import UUID

from tests.support.api import Api

BODIES = {("POST", "/local-list-rules"): {"rule": "all", "site": "elsewhere"},
          ("PATCH", "/local-list-rules/{id}"): {"rule": "all"}}


async def fill(api: Api, station: UUID, mark: str) -> dict[str, str]:
    made = await api.post("/local-list-rules", {"station": mark, "rule": "accepted"})
    assert made.status_code == 201, made.text
    return {"local-list-rules": made.json()["id"]}
