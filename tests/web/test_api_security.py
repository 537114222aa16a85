"""Security by REST: a station's part, moving it up, security events, rules, authorities; and what handshakes read."""

import datetime
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
import uuid_utils.compat as uuids

from actors.ports import DEFAULT_TENANT
from gateway.services.contract_roots import ContractRoots
from protocol.events.security import ListenerCertificate
from storage.security import SecurityBook
from storage.web.security import raise_profile
from tests.support.api import NOW, Api, problem
from tests.support.authority import DAY, make, of_version_7

pytestmark = pytest.mark.server
NOWADAYS = datetime.datetime.now(datetime.UTC)


async def heard(api: Api, station: dict[str, Any], event: str, *, later: int = 0) -> None:
    payload = {"type": event, "timestamp": "2026-03-01T11:59:00Z", "techInfo": "door"}
    await api.insert("station_reports", {
        "id": uuids.uuid7(), "station_id": UUID(station["id"]), "action": "SecurityEventNotification",
        "received_at": NOW + datetime.timedelta(seconds=later), "payload": payload,
    })  # fmt: skip


async def test_security_events_are_listed_by_station_kind_and_weight(api: Api) -> None:
    first, second = await api.station("CP1"), await api.station("CP2")
    await heard(api, first, "TamperDetectionActivated")
    await heard(api, first, "InvalidMessages", later=60)
    await heard(api, second, " startupofthedevice", later=120)

    async def listed(query: str) -> list[str]:
        return [row["event"] for row in (await api.get(f"/security-events{query}")).json()["items"]]

    assert await listed("") == [" startupofthedevice", "InvalidMessages", "TamperDetectionActivated"]
    assert await listed("?critical=true") == [" startupofthedevice", "TamperDetectionActivated"]
    assert await listed("?critical=false&station=cp1") == ["InvalidMessages"]
    assert await listed("?event=invalidmessages") == ["InvalidMessages"]
    assert await listed("?to=2026-03-01T12:00:30Z") == ["TamperDetectionActivated"]
    [row] = (await api.get("/security-events?limit=1&order=oldest")).json()["items"]
    assert row.items() >= {"station": "CP1", "critical": True, "info": "door", "at": "2026-03-01T11:59:00Z"}.items()
    problem(await api.get("/security-events?station=CP9"), 404, "unknown_station")


async def test_a_stations_part_can_be_read_and_changed(api: Api) -> None:
    await api.station("CP1", password="generate")
    shown = (await api.get("/stations/CP1/security")).json()
    assert shown.items() >= {
        "security_profile": 1, "highest_profile": 0, "connected_with": None, "has_password": True,
        "accept_expired_certificate": False, "certificate": None, "job": None,
    }.items()  # fmt: skip
    change = {"certificate_names": ["SN-1"], "accept_expired_certificate": True, "organizations": ["Operator"]}
    changed = (await api.patch("/stations/CP1/security", change)).json()
    assert changed.items() >= change.items()
    await api.patch("/stations/CP1", {"name": "kept"})
    cleared = (await api.patch("/stations/CP1/security", {"certificate_names": None})).json()
    assert (cleared["certificate_names"], cleared["organizations"]) == ([], ["Operator"])
    problem(await api.patch("/stations/CP1/security", {"unknown": 1}), 422, "invalid_body")


async def test_moving_up_is_a_job_and_down_is_none(api: Api) -> None:
    """A00.FR.005: lowering is not done by OCPP; A05.FR.07: by an explicit PATCH alone."""
    station = await api.station("CP1", password="generate")
    answer = await api.post("/stations/CP1/security-profile", {"profile": 2, "url": "wss://h:9443/ocpp"})
    assert answer.status_code == 202, answer.text
    job = answer.json()
    assert answer.headers["location"] == f"/api/v1/jobs/{job['id']}"
    assert job["state"].items() >= {"profile": 2, "step": "check", "url": "wss://h:9443/ocpp"}.items()
    shown = (await api.get("/stations/CP1/security")).json()
    assert (shown["job"], shown["job_status"]) == (job["id"], "waiting")
    problem(await api.post("/stations/CP1/security-profile", {"profile": 3}), 409, "already_exists")
    for body in (
        {"profile": 1}, {"profile": 0}, {"profile": 4}, {"profile": 2, "url": "ws://h"}, {"profile": 2, "url": "h"},
        {"profile": 2, "csms_root": "x" * 100}, {"profile": 2, "csms_root": make("leaf").pem},
        {"profile": 2, "csms_root": make("CA", authority=True, begins=NOWADAYS - 9000 * DAY, ends=NOW - DAY).pem},
    ):  # fmt: skip
        problem(await api.post("/stations/CP1/security-profile", body), 422, "invalid_body")
    problem(await api.post("/stations/CP9/security-profile", {"profile": 2}), 404, "unknown_station")
    await api.context.reads.run_as_tenant(
        DEFAULT_TENANT, lambda connection: raise_profile(connection, UUID(station["id"]), 3, NOW)
    )
    raised = (await api.get("/stations/CP1/security")).json()
    assert (raised["security_profile"], raised["highest_profile"]) == (3, 3)
    await api.patch("/stations/CP1", {"security_profile": 2})
    assert (await api.get("/stations/CP1/security")).json()["highest_profile"] == 2


async def revoke(api: Api, serial: str, at: datetime.datetime) -> None:
    await api.context.reads.run_as_tenant(DEFAULT_TENANT, lambda connection: connection.execute(
        "insert into revoked_certificates (tenant_id, issuer_hash, serial, revoked_at) values ($1, 'ab', $2, $3)",
        DEFAULT_TENANT, serial, at,
    ))  # fmt: skip


async def test_rules_and_authorities_reach_the_handshake(api: Api) -> None:
    """A00.FR.404; what is revoked is known at the next look, and what was known stays while the database is away."""
    book = SecurityBook(api.node)
    await book.refresh()
    assert (book.organizations(DEFAULT_TENANT), len(book.authorities), book.count) == (frozenset(), 0, 0)
    usual = {"contract_status_unverified": "refuse", "contract_status_unnamed": "take"}
    for given in ({"contract_status_unverified": "take", "contract_status_unnamed": "refuse"}, {}):
        shown = {"organizations": ["A", "B"]} | usual | given
        body = {"organizations": ["A", "B", "A"]} | given
        assert (await api.call("PUT", "/security-policy", json=body)).json() == shown
        assert (await api.get("/security-policy")).json() == shown
        anchors = await ContractRoots(cast(Any, api.context.reads)).of(DEFAULT_TENANT)
        assert (anchors.unverified, anchors.unnamed) == (bool(given), not given)
    root = make("Maker root", authority=True)
    made = await api.post("/client-authorities", {"certificate": root.pem})
    assert made.status_code == 201, made.text
    assert made.json()["name"] == "CN=Maker root,O=Operator"
    problem(await api.post("/client-authorities", {"certificate": root.pem}), 409, "already_exists")
    odd = of_version_7(root)
    for bad in (make("leaf", root).pem, "no certificate" * 9, root.pem + make("x", authority=True).pem, odd):
        problem(await api.post("/client-authorities", {"certificate": bad}), 422, "invalid_body")
    for serial in ("5f", "6a"):
        await revoke(api, serial, NOWADAYS)
    await book.refresh()
    assert book.organizations(DEFAULT_TENANT) == {"A", "B"}
    assert [each.certificate for each in book.authorities] == [made.json()["certificate"]]
    assert book.revoked(DEFAULT_TENANT, "ab", "5f")
    assert not book.revoked(uuid4(), "ab", "5f")
    await revoke(api, "7", NOWADAYS - DAY / 300)
    await book.refresh()  # its transaction ended late
    assert book.revoked(DEFAULT_TENANT, "ab", "7")
    [shown] = (await api.get("/client-authorities")).json()["items"]
    assert (await api.delete(f"/client-authorities/{shown['fingerprint']}")).status_code == 204
    problem(await api.delete(f"/client-authorities/{shown['fingerprint']}"), 404, "unknown_authority")
    await book.tell([ListenerCertificate(listener="wss://h:1", replaced=False, not_after=NOWADAYS, error="no")])
    told = await api.node.fetchval("select data ->> 'error' from events where type = $1", ListenerCertificate.type)
    assert told == "no"


async def test_the_name_of_an_authority_is_one_tenants(api: Api) -> None:
    """Another tenant's stations would be refused at the handshake, where names alone tell authorities apart."""
    other = {"Voltyard-Tenant": "other"}
    ours, copy = make("Maker root", authority=True), make("maker ROOT", authority=True)

    async def trust(pem: str, **options: Any) -> Any:
        return await api.post("/client-authorities", {"certificate": pem}, **options)

    made = await trust(ours.pem)
    assert (made.status_code, made.json()["in_use"]) == (201, True)
    told = problem(await trust(copy.pem, headers=other), 409, "authority_name_taken")
    assert made.json()["fingerprint"] not in str(told)
    assert (await trust(make("Maker root", authority=True).pem)).status_code == 201, "its own name is its own business"
    renewed = make("Maker root", key=ours.key, authority=True)
    problem(await trust(renewed.pem, headers=other), 409, "authority_name_taken")  # the second key of that name
    shared = make("Shared root", authority=True)
    for headers in ({}, other):
        assert (await trust(shared.pem, headers=headers)).status_code == 201
    book = SecurityBook(api.node)
    await book.refresh()
    times = [each.added_at for each in book.authorities]
    assert (len(times), times) == (4, sorted(times))


@pytest.mark.parametrize(
    ("used", "minutes", "expected"),
    [("new", 0, ("new", None)), ("old", 5, ("old", None)), ("old", 0, ("old", "new")), ("other", 5, ("old", "new"))],
)
async def test_a_password_on_its_way_is_settled_by_what_the_station_uses(
    api: Api, used: str, minutes: int, expected: tuple[str, str | None]
) -> None:
    """A01.FR.03, A01.FR.04: a change that may be under way just now is not ended by the old one."""
    station = UUID((await api.station("CP1"))["id"])
    await api.node.execute(
        "update stations set password_hash = 'old', pending_password_hash = 'new',"
        " pending_password_at = now() - make_interval(mins => $2) where id = $1", station, minutes,
    )  # fmt: skip
    changed = await SecurityBook(api.node).settle_password(station, used)
    row = await api.node.fetchrow("select password_hash, pending_password_hash from stations where id = $1", station)
    assert row is not None
    assert tuple(row.values()) == expected
    assert changed == (expected[1] is None)


@pytest.mark.parametrize(
    ("used", "minutes", "expected"),
    [("new", 0, ("new", None, 1)), (None, 5, (None, None, 0)), (None, 0, (None, "new", 0))],
)
async def test_a_first_password_on_its_way_is_settled_too(
    api: Api, used: str | None, minutes: int, expected: tuple[Any, ...]
) -> None:
    """A station of profile 0: once it has used the password it is asked for it; else it stays without."""
    station = UUID((await api.station("CP1"))["id"])
    await api.node.execute(
        "update stations set pending_password_hash = 'new', pending_password_at = now() - make_interval(mins => $2)"
        " where id = $1", station, minutes,
    )  # fmt: skip
    assert await SecurityBook(api.node).settle_password(station, used) == (expected[1] is None)
    row = await api.node.fetchrow(
        "select password_hash, pending_password_hash, security_profile from stations where id = $1", station
    )
    assert row is not None
    assert tuple(row.values()) == expected
