"""A reservation from the call to its end: refused overlaps, the station's answers, expiry, and taking it back."""

from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import httpx
import pytest

from actors.ports import DEFAULT_TENANT
from actors.records import ReservationRecord
from actors.station.face import CommandResult, RawCommand
from gateway.worker.reservations import HANDLERS
from tests.support.api import NOW, Api, answered, make_context, problem
from tests.support.postgres import Database
from tests.support.worker_rig import WorkerRig, worker_rig
from web.app import make_app
from web.live.hub import LiveHub

pytestmark = pytest.mark.server


async def _api(rig: WorkerRig) -> Api:
    context = make_context(rig.stations, rig.web, rig.node, LiveHub(), [])
    app = make_app(context)
    transport = httpx.ASGITransport(app=cast(Any, app))
    client = httpx.AsyncClient(transport=transport, base_url="http://api.test")
    return Api(app, context, rig.stations, rig.node, LiveHub(), [], client)


async def work(rig: WorkerRig) -> None:
    """All that is due by now."""
    rig.move(seconds=2)
    for _ in range(3):
        await rig.work()


def body(**more: Any) -> dict[str, Any]:
    ends = (NOW + timedelta(minutes=30)).isoformat()
    return {"station": "CP1", "token": "OWNER", "evse": 1, "expires_at": ends} | more


async def take(rig: WorkerRig, number: int, status: str, answer: str) -> None:
    """What the actor stores with the station's answer."""
    [station] = await rig.node.fetch("select id from stations")
    await rig.tools.record(DEFAULT_TENANT, station["id"], ReservationRecord(number, status, NOW, answer))


async def test_the_way_of_a_reservation(database: Database, tmp_path: Path) -> None:
    async with worker_rig(database, HANDLERS, tmp_path) as rig:
        api = await _api(rig)
        station = await rig.station()
        rig.online(station)
        made = (await api.post("/reservations", body())).json()
        assert (made["status"], made["number"], made["token_type"]) == ("pending", 1, "ISO14443")
        address = f"/reservations/{made['id']}"
        told = problem(await api.post("/reservations", body(token="OTHER")), 409, "reservation_overlaps")
        assert told["reservations"] == [made["id"]]
        await work(rig)
        [(_, sent, _)] = rig.stations.sent
        assert isinstance(sent, RawCommand)
        assert (sent.action, sent.payload["reservationId"], sent.payload["connectorId"]) == ("ReserveNow", 1, 1)
        await take(rig, 1, "accepted", "Accepted")
        assert (await api.get(address)).json()["status"] == "accepted"
        listed = (await api.get("/reservations?station=CP1&open=true")).json()["items"]
        assert [row["id"] for row in listed] == [made["id"]]

        assert (await api.delete(address)).status_code == 204
        assert (await api.get(address)).json()["status"] == "cancelling"
        await work(rig)
        assert rig.stations.sent[-1][1] == RawCommand("CancelReservation", {"reservationId": 1})
        await take(rig, 1, "cancelled", "Accepted")
        problem(await api.delete(address), 409, "reservation_over")

        later = (NOW + timedelta(minutes=10)).isoformat()
        second = (await api.post("/reservations", body(starts_at=later))).json()
        assert second["number"] == 2
        await work(rig)
        assert len(rig.stations.sent) == 2  # its time has not come
        rig.stations.results = [CommandResult(None, "station_offline")]
        rig.online(station, there=False)
        rig.move(minutes=11)
        await work(rig)
        asked = "select waits_for from jobs where status = 'waiting' and kind = 'reservation' and key = $1"
        waiting = await rig.node.fetchrow(asked, second["id"])
        assert waiting is not None
        assert waiting["waits_for"] == "online"
        rig.move(minutes=20)
        await work(rig)
        over = (await api.get(f"/reservations/{second['id']}")).json()
        assert (over["status"], over["detail"]) == ("expired", "the station was not reached in time")
        found = await rig.node.fetch("select type from events where type like '%reservation%' order by id")
        assert [row["type"].split(".")[2] for row in found] == ["created", "created", "expired"]


async def test_an_accepted_one_expires_by_our_clock_and_a_station_that_cannot_refuses(
    database: Database, tmp_path: Path
) -> None:
    async with worker_rig(database, HANDLERS, tmp_path) as rig:
        api = await _api(rig)
        rig.online(await rig.station())
        first = (await api.post("/reservations", body())).json()
        rig.stations.results = [answered({"status": "Accepted"})]
        await work(rig)
        await take(rig, 1, "accepted", "Accepted")
        rig.move(minutes=31)
        await work(rig)
        assert (await api.get(f"/reservations/{first['id']}")).json()["status"] == "expired"
        again = (await api.post("/reservations", body(expires_at=(NOW + timedelta(hours=2)).isoformat()))).json()
        rig.stations.results = [CommandResult(UUID(int=1), "station_error", error_code="NotSupported")]
        await work(rig)
        refused = (await api.get(f"/reservations/{again['id']}")).json()
        assert (refused["status"], refused["detail"]) == ("refused", "the station answered NotSupported")
        never = (await api.post("/reservations", body(starts_at=(NOW + timedelta(hours=1)).isoformat(),
                                                      expires_at=(NOW + timedelta(hours=2)).isoformat()))).json()
        await api.delete(f"/reservations/{never['id']}")
        await work(rig)
        assert (await api.get(f"/reservations/{never['id']}")).json()["status"] == "cancelled"
