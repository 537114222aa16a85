"""Trusted issuers of contracts, vendors' messages and the rules for them, over the API."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import trio
import uuid_utils.compat as uuids

from actors.datatransfer.objects import Ruled, TransferAsked
from actors.ports import DEFAULT_TENANT
from actors.station.face import NeutralCommand
from gateway.services.contract_roots import ContractRoots
from gateway.services.datatransfer import DataTransfers
from gateway.services.http import open_http
from simulators.http import Request, Response, serve
from simulators.ocsp.authority import make_authority
from tests.support.api import NOW, OTHER_TENANT, Api, problem

pytestmark = pytest.mark.server

AUTHORITY = make_authority("http://127.0.0.1:9", datetime.now(UTC))


async def test_issuers_are_trusted_read_and_dropped(api: Api) -> None:
    body = {"use": "MORoot", "pem": AUTHORITY.root.pem, "name": "An operator"}
    made = await api.post("/contract-roots", body)
    assert made.status_code == 201, made.text
    root = made.json()
    assert root["subject"] == "CN=Simulated MO root"
    assert (await api.get(f"/contract-roots/{root['id']}")).json() == root
    problem(await api.post("/contract-roots", body), 409, "already_exists")
    sub = await api.post("/contract-roots", {"use": "SubCA", "pem": AUTHORITY.sub.pem})
    assert sub.status_code == 201
    listed = await api.get("/contract-roots", params={"use": "SubCA"})
    assert [each["id"] for each in listed.json()["items"]] == [sub.json()["id"]]
    anchors = await ContractRoots(api.context.reads).of(DEFAULT_TENANT)  # type: ignore[arg-type]
    assert anchors.roots == (AUTHORITY.root.certificate,)
    assert anchors.issuers == (AUTHORITY.sub.certificate,)
    assert (await ContractRoots(api.context.reads).of(OTHER_TENANT)).all == ()  # type: ignore[arg-type]
    assert (await api.delete(f"/contract-roots/{root['id']}")).status_code == 204
    problem(await api.get(f"/contract-roots/{root['id']}"), 404, "unknown_contract_root")
    problem(await api.delete("/contract-roots/7"), 404, "unknown_contract_root")


@pytest.mark.parametrize(("body", "path"), [
    ({"use": "MORoot", "pem": "no certificate"}, "/pem"),
    ({"use": "MORoot", "pem": AUTHORITY.root.pem + AUTHORITY.sub.pem}, "/pem"),
    ({"use": "SubCA", "pem": AUTHORITY.contract("DE8AA1A2B3C4D5").pem}, "/pem"),
    ({"use": "V2GRoot", "pem": AUTHORITY.sub.pem}, "/use"),
    ({"use": "CSMSRoot", "pem": AUTHORITY.root.pem}, "/use"),
])  # fmt: skip
async def test_what_is_no_issuer_is_refused_with_the_reason(api: Api, body: dict[str, Any], path: str) -> None:
    errors = problem(await api.post("/contract-roots", body), 422, "invalid_body")["errors"]
    assert [each["path"] for each in errors] == [path]


async def test_rules_are_made_changed_and_deleted(api: Api) -> None:
    body = {"vendor": "com.example", "message": "Hi", "answer": "accept", "data": {"n": 1}}
    made = await api.post("/data-transfers/rules", body)
    assert made.status_code == 201, made.text
    rule = made.json()
    path = f"/data-transfers/rules/{rule['id']}"
    problem(await api.post("/data-transfers/rules", body | {"answer": "reject"}), 409, "already_exists")
    assert (await api.post("/data-transfers/rules", body | {"direction": "out"})).status_code == 201
    changed = await api.patch(path, {"answer": "forward", "url": "https://example.com/x", "deadline_s": 2})
    assert (changed.json()["url"], changed.json()["revision"]) == ("https://example.com/x", 2)
    stale = await api.call("PATCH", path, json={"answer": "reject", "url": None}, headers={"If-Match": '"1"'})
    problem(stale, 412, "precondition_failed")
    listed = await api.get("/data-transfers/rules", params={"vendor": "com.example", "direction": "out"})
    assert len(listed.json()["items"]) == 1
    assert (await api.delete(path)).status_code == 204
    problem(await api.get(path), 404, "unknown_rule")


@pytest.mark.parametrize(("change", "path"), [
    ({"answer": "forward"}, "/url"),
    ({"url": "https://example.com"}, "/url"),
    ({"answer": "forward", "url": "ftp://example.com"}, "/url"),
    ({"answer": "forward", "url": "https://u:p@example.com"}, "/url"),
    ({"direction": "out", "answer": "unknown_vendor"}, "/answer"),
    ({"answer": "forward", "url": "https://example.com", "deadline_s": 60}, "/deadline_s"),
])  # fmt: skip
async def test_rules_that_make_no_sense_are_refused(api: Api, change: dict[str, Any], path: str) -> None:
    body = {"vendor": "com.example", "answer": "accept"} | change
    errors = problem(await api.post("/data-transfers/rules", body), 422, "invalid_body")["errors"]
    assert [each["path"] for each in errors] == [path]


async def test_the_rule_of_a_message_goes_before_that_of_its_vendor(api: Api) -> None:
    """OCPP 2.0.1 Part 2, P02.FR.06 and FR.07; 1.6, 4.3."""
    asked: list[bytes] = []
    answers = [Response(200, b'{"status": "Accepted", "data": [1]}'), Response(200, b"oops"), Response(500)]

    async def handle(request: Request) -> Response:
        asked.append(request.body)
        return answers.pop(0)

    async with trio.open_nursery() as nursery, open_http(private=True) as http:
        port = await nursery.start(serve, handle, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{port}/hook"
        for body in (
            {"vendor": "a", "message": "one", "answer": "accept", "data": "x"}, {"vendor": "b", "answer": "reject"},
            {"vendor": "b", "message": "hook", "answer": "forward", "url": url},
        ):
            assert (await api.post("/data-transfers/rules", body)).status_code == 201
        service = DataTransfers(http, api.context.reads)  # type: ignore[arg-type]

        async def rule(vendor: str, message: str | None, tenant: Any = DEFAULT_TENANT) -> Ruled:
            return await service.rule(tenant, uuids.uuid7(), TransferAsked("CP1", "2.1", vendor, message, {"q": 1}))

        assert await rule("a", "one") == Ruled("Accepted", "x")
        assert await rule("a", "two") == Ruled("UnknownMessageId")
        assert await rule("a", None) == Ruled("UnknownMessageId")
        assert await rule("b", "two") == Ruled("Rejected")
        assert await rule("b", None) == Ruled("Rejected")
        assert await rule("c", "one") == Ruled("UnknownVendorId")
        assert await rule("a", "one", OTHER_TENANT) == Ruled("UnknownVendorId")
        assert await rule("b", "hook") == Ruled("Accepted", [1])
        assert b'"vendor":"b","message":"hook","data":{"q":1}' in asked[0]
        told = [await rule("b", "hook"), await rule("b", "hook")]
        assert [(each.status, each.reason) for each in told] == [
            ("Rejected", "WebhookAnswer"), ("Rejected", "WebhookStatus"),
        ]  # fmt: skip
        nursery.cancel_scope.cancel()


async def test_messages_are_listed_by_vendor_and_direction_and_rules_of_ours_count(api: Api) -> None:
    station = await api.station()
    for number, vendor in enumerate(("a", "b")):
        await api.insert("station_reports", {
            "id": uuids.uuid7(), "station_id": UUID(station["id"]), "action": "DataTransfer", "received_at": NOW,
            "payload": {"direction": ("in", "out")[number], "vendorId": vendor, "data": {"n": number},
                        "status": "Accepted", "answer": None},
        })
    items = (await api.get("/data-transfers", params={"station": "CP1", "direction": "out"})).json()["items"]
    assert [(each["vendor"], each["data"], each["status"]) for each in items] == [("b", {"n": 1}, "Accepted")]
    assert len((await api.get("/data-transfers", params={"vendor": "a"})).json()["items"]) == 1
    assert (await api.get("/data-transfers", params={"status": "Rejected"})).json()["items"] == []
    await api.post("/data-transfers/rules", {"vendor": "a", "direction": "out", "answer": "accept", "data": "usual"})
    await api.post("/data-transfers/rules", {"vendor": "a", "message": "No", "direction": "out", "answer": "reject"})
    path = "/stations/CP1/commands/data-transfer"
    assert (await api.post(path, {"vendor": "a"})).status_code == 200
    problem(await api.post(path, {"vendor": "a", "message": "No"}), 409, "rule_forbids")
    sent = [each[1] for each in api.stations.sent]
    assert sent == [NeutralCommand("data-transfer", {"vendor": "a", "data": "usual"})]
