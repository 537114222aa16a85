"""Certificates over the API: lists, revocation, authorities, what a station holds, and the bodies of its commands."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from actors.ports import DEFAULT_TENANT
from actors.station.face import NeutralCommand
from storage.jobs import list_jobs
from storage.jobs.jobs import JobFilter
from tests.support.api import NOW, OTHER_TENANT, Api, problem
from tests.support.belongings.certificates import authority, certificate, insert
from tests.support.signing import bundle, csr, issue

pytestmark = pytest.mark.server

HASH = {"hashAlgorithm": "SHA256", "issuerNameHash": "aa", "issuerKeyHash": "bb", "serialNumber": "0F"}


async def test_certificates_are_listed_filtered_and_read(api: Api) -> None:
    one, two = UUID((await api.station("CP1"))["id"]), UUID((await api.station("CP2"))["id"])
    for station, columns in (
        (one, {"serial": "0a"}), (one, {"use": "v2g", "not_after": NOW + timedelta(days=30)}),
        (two, {"status": "refused", "code": "weak_key", "serial": None}),
    ):  # fmt: skip
        await insert(api, "certificates", certificate(station, **columns))
    everything = (await api.get("/certificates")).json()["items"]
    assert [(row["station"], row["use"], row["status"]) for row in everything] == [
        ("CP2", "station", "refused"), ("CP1", "v2g", "accepted"), ("CP1", "station", "accepted"),
    ]  # fmt: skip
    for query, count in (
        ("station=cp1", 2), ("use=v2g", 1), ("status=refused", 1), ("expires_before=2026-03-02T00:00:00Z", 2),
        ("serial=5F2A", 1), ("station=CP2&use=v2g", 0),
    ):  # fmt: skip
        assert len((await api.get(f"/certificates?{query}")).json()["items"]) == count, query
    page = (await api.get("/certificates?limit=2")).json()
    rest = (await api.get(f"/certificates?limit=2&cursor={page['next']}")).json()
    assert [row["id"] for row in page["items"] + rest["items"]] == [row["id"] for row in everything]
    assert (await api.get(f"/certificates/{everything[0]['id']}")).json() == everything[0]
    problem(await api.get("/certificates/nope"), 404, "unknown_certificate")
    problem(await api.get("/certificates?use=other"), 400, "invalid_parameter")


async def test_a_revoked_certificate_counts_no_more_at_once(api: Api) -> None:
    station = UUID((await api.station("CP1"))["id"])
    good = await insert(api, "certificates", certificate(station))
    refused = await insert(api, "certificates", certificate(station, status="refused", serial=None))
    answer = await api.post(f"/certificates/{good}/revoke", {"reason": "key_compromise"})
    assert (answer.status_code, answer.json()["status"], answer.json()["reason"]) == (200, "revoked", "key_compromise")
    again = await api.post(f"/certificates/{good}/revoke", {"reason": "superseded"})
    assert (again.json()["reason"], again.json()["revoked_at"]) == ("key_compromise", answer.json()["revoked_at"])
    found = await api.node.fetch("select tenant_id, issuer_hash, serial, reason from revoked_certificates")
    assert [tuple(row) for row in found] == [(DEFAULT_TENANT, "ab", "5f2a", "key_compromise")]
    jobs = await api.context.reads.run_as_tenant(
        DEFAULT_TENANT, lambda connection: list_jobs(connection, 9, None, False, JobFilter("announce-revocation"))
    )
    assert [(job.state, job.station_id) for job in jobs] == [({"certificate": str(good)}, station)]
    audit = await api.node.fetch("select action, detail from audit_log where action like 'certificate.%'")
    assert [row["action"] for row in audit] == ["certificate.revoked"]
    problem(await api.post(f"/certificates/{refused}/revoke"), 409, "not_revocable")
    problem(await api.post(f"/certificates/{good}/revoke", {"reason": "mood"}), 422, "invalid_body")


async def test_authorities_show_no_keys_and_new_ones_are_a_workers_work(api: Api) -> None:
    made = await insert(api, "certificate_authorities", authority())
    [shown] = (await api.get("/certificates/authority")).json()["items"]
    assert (shown["bundle"], shown["status"], shown["organization_checked"]) == ("I\nR\n", "active", False)
    assert "sealed" not in str(shown)
    begun = await api.post("/certificates/authority", {"organization": "Example Charging"})
    assert begun.status_code == 201
    job = (await api.get(f"/jobs/{begun.json()['job']}")).json()
    assert begun.headers["location"].endswith(f"/jobs/{job['id']}")
    assert (job["kind"], job["state"]) == ("make-authority", {"organization": "Example Charging"})
    assert (await api.post("/certificates/authority")).status_code == 201
    problem(await api.post("/certificates/authority", {"organization": "x" * 65}), 422, "invalid_body")
    crl = await api.client.get(shown["crl_path"])  # nobody has to sign in for it
    assert (crl.status_code, crl.content, crl.headers["content-type"]) == (200, b"list", "application/pkix-crl")
    assert "max-age" in crl.headers["cache-control"]
    for path in (f"/crl/{OTHER_TENANT}/{made}.crl", f"/crl/{DEFAULT_TENANT}/{made}", "/crl/a/b.crl",
                 f"/crl/{DEFAULT_TENANT}/{DEFAULT_TENANT}.crl"):  # fmt: skip
        problem(await api.client.get(path), 404, "not_found")


async def test_what_a_station_trusts_stands_beside_what_was_signed_for_it(api: Api) -> None:
    station = UUID((await api.station("CP1"))["id"])
    await insert(api, "certificates", certificate(station))
    known = {"SHA256": {**HASH, "serialNumber": "f"}}
    for kind, key, data in (
        ("installed_certificate", "csms_root:SHA256:aa:bb:0F", {"use": "csms_root", "type": "CSMSRootCertificate",
                                                                "hash": HASH, "children": []}),
        ("installed_certificate", "mo_root:SHA256:aa:bb:1", {"use": "mo_root", "hash": HASH | {"serialNumber": "1"}}),
        ("root_certificate", "f1", {"subject": "CN=Root", "not_after": "2030-01-01T00:00:00.000Z", "hashes": known}),
    ):  # fmt: skip
        await api.insert("station_objects", {
            "station_id": station, "kind": kind, "key": key, "data": data, "status": "installed", "since": NOW,
            "received_at": NOW,
        })
    shown = (await api.get("/stations/CP1/certificates")).json()
    assert [row["serial"] for row in shown["issued"]] == ["5f2a"]
    by_use = {row["use"]: row for row in shown["installed"]}
    assert (by_use["csms_root"]["subject"], by_use["csms_root"]["hash"]) == ("CN=Root", HASH)
    assert (by_use["mo_root"]["subject"], by_use["mo_root"]["children"]) == (None, [])
    problem(await api.get("/stations/CP9/certificates"), 404, "unknown_station")


async def test_commands_about_certificates_are_checked_before_they_are_sent(api: Api) -> None:
    await api.station("CP1")
    now = datetime.now(UTC)
    good = bundle(issue("Root", now=now))
    answer = await api.post("/stations/CP1/commands/install-certificate",
                            {"use": "csms_root", "certificate": good.replace("\n", "\\n")})  # fmt: skip
    assert answer.status_code == 200
    assert api.stations.sent[-1][1] == NeutralCommand("install-certificate", {"use": "csms_root", "certificate": good})
    sent = len(api.stations.sent)
    for command, body, words in (
        ("install-certificate", {"use": "csms_root", "certificate": "garbage"}, "not PEM"),
        ("install-certificate", {"use": "csms_root", "certificate": csr()}, "REQUEST where CERTIFICATE"),
        ("install-certificate", {"use": "csms_root", "certificate": good + good}, "2 blocks"),
        ("install-certificate", {"use": "csms_root", "certificate": bundle(issue("Old", now=now - timedelta(days=99)))},
         "expired on"),
        ("install-certificate", {"use": "own", "certificate": good}, "csms_root"),
        ("delete-certificate", {"certificate": "csms_root"}, "no key of an installed certificate"),
        ("renew-certificate", {"use": "other"}, "v2g20"),
    ):  # fmt: skip
        found = problem(await api.post(f"/stations/CP1/commands/{command}", body), 422, "invalid_body")
        assert words in str(found["errors"]), body
    assert len(api.stations.sent) == sent
