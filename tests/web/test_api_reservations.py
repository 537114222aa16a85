"""Reservations by REST: of two at once one passes, and what cannot be held is said before the station is asked."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import trio

from tests.support.api import NOW, Api, problem

pytestmark = pytest.mark.server


def body(**more: Any) -> dict[str, Any]:
    ends = (NOW + timedelta(minutes=30)).isoformat()
    return {"station": "CP1", "token": "OWNER", "evse": 1, "expires_at": ends} | more


async def test_of_two_at_once_one_passes(api: Api) -> None:
    await api.station("CP1")
    codes: list[int] = []

    async def ask(token: str) -> None:
        codes.append((await api.post("/reservations", body(token=token))).status_code)

    async with trio.open_nursery() as nursery:
        for number in range(6):
            nursery.start_soon(ask, f"T{number}")
    assert sorted(codes) == [201] + [409] * 5


@pytest.mark.parametrize(("given", "path"), [
    ({"expires_at": "2020-01-01T00:00:00Z"}, "/expires_at"),
    ({"starts_at": "2098-01-01T00:00:00Z"}, "/expires_at"),
    ({"evse": 9}, "/evse"),
    ({"evse": None}, "/evse"),
    ({"connector_type": "cType2"}, "/connector_type"),
    ({"token": "X" * 21}, "/token"),
])  # fmt: skip
async def test_what_the_station_cannot_hold_is_said_before_it_is_asked(
    api: Api, given: dict[str, Any], path: str
) -> None:
    station = UUID((await api.station("CP1"))["id"])
    await api.insert("station_states", {"station_id": station, "version": "1.6"})
    await api.insert("connectors", {
        "station_id": station, "evse": 1, "connector": 1, "status": "Available", "since": NOW, "received_at": NOW,
    })
    await api.insert("variables", {
        "station_id": station, "component": "", "variable": "ReserveConnectorZeroSupported", "value": "false",
        "received_at": NOW,
    })
    told = problem(await api.post("/reservations", body(**given)), 422, "invalid_body")
    assert path in [error["path"] for error in told["errors"]]
