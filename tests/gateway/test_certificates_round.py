"""A station asks for a certificate, gets it signed, and takes it; every version, and whatever may go wrong."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import msgspec
import pytest
import uuid_utils.compat as uuids
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from actors.certificates import chain, pem
from actors.contract.pnc16_requests import wrapped
from actors.ports import DEFAULT_TENANT
from actors.station.face import NeutralCommand, RawCommand
from gateway.services.ca import AuthorityAway, AuthorityRefused, Signed, SigningOrder
from gateway.services.ca_own import OwnAuthority
from gateway.services.ca_remote import RemoteAuthority
from gateway.settings import Settings
from gateway.worker import certificate_upkeep
from gateway.worker.certificate_tools import authority, own_authority
from protocol.ocpp.client_certificate import fingerprint
from protocol.ocpp.version import Version
from simulators.station import certificates, settings
from simulators.station.certificates import STATION, Own
from simulators.station.outbox import Outgoing
from simulators.station.station import Station
from storage.jobs import NewJob
from storage.web.authorities import list_authorities
from storage.web.certificates import CertificateRow, get_certificate, revoke_certificate
from tests.support.api import NOW
from tests.support.certificate_rig import CertificateRig, Joined, certificate_rig
from tests.support.postgres import Database
from tests.support.signing import bundle, csr, issue, subject

pytestmark = pytest.mark.server

ALL = (Version.V16, Version.V201, Version.V21)
RENEW = NeutralCommand("renew-certificate", {})


def own(joined: Joined, use: str = STATION) -> Own:
    assert joined.station.wallet is not None
    return joined.station.wallet.own[use]


def trust(station: Station, *roots: str) -> None:
    """Roots that the station has from its maker."""
    for root in roots:
        certificates.wallet(station).store.held.append(("CSMSRootCertificate", chain.read(root)[0]))


async def authority_root(rig: CertificateRig) -> str:
    return (await rig.web.run_as_tenant(DEFAULT_TENANT, list_authorities))[0].root


def payloads(joined: Joined, action: str) -> list[dict[str, Any]]:
    return [msgspec.json.decode(text)[3] for text in joined.heard(action)]


async def test_every_version_asks_is_signed_and_accepts(database: Database, tmp_path: Path) -> None:
    """A02.FR.11, A02.FR.14, A02.FR.25 and the same of A03 (A03.FR.11, FR.14, FR.21)."""
    async with certificate_rig(database, tmp_path) as rig:
        for version in ALL:
            name = f"CP-{version.value}"
            joined = await rig.connect(name, version)
            assert (await rig.command(name, RENEW)).outcome == "accepted"
            await rig.settle()
            assert joined.station.notes[-1] == "request for a certificate: Accepted"
            assert joined.heard("CertificateSigned") == []  # the answer goes first (quirk 34)
            await rig.work()
            leaf, issuing = own(joined).chain
            [row] = [each for each in await rig.certificates() if each.station == name]
            assert (row.status, row.reason, row.use) == ("accepted", None, "station")
            assert (row.serial, row.fingerprint) == (f"{leaf.serial_number:x}", fingerprint(leaf))
            assert row.subject == f"CN=SN-{name},O=Voltyard"
            assert chain.issued(leaf, issuing)  # the chain in order (A00.FR.507)
            assert leaf.not_valid_before_utc < rig.clock.at < leaf.not_valid_after_utc  # A02.FR.06
            assert joined.station.wants_relink
            [sent] = payloads(joined, "CertificateSigned")
            assert sent.get("certificateType") == (None if version is Version.V16 else STATION)
            assert sent.get("requestId") == (1 if version is Version.V21 else None)
        accepted = await rig.events("certificate.accepted")
        assert [each["station"] for each in accepted] == [f"CP-{version.value}" for version in ALL]
        root = chain.read(await authority_root(rig))[0]
        assert chain.issued(issuing, root)
        trusted = await rig.node.fetch("select fingerprint from client_authorities")
        assert [row["fingerprint"] for row in trusted] == [fingerprint(root)]


async def test_certificates_towards_vehicles_and_a_second_one_for_each_use(database: Database, tmp_path: Path) -> None:
    """A02.FR.22, A02.FR.23, A02.FR.27; the one before is superseded; M03.FR.05: the chain is listed."""
    async with certificate_rig(database, tmp_path) as rig:
        joined = await rig.connect("CP1", Version.V21)
        joined.station.settings.put(settings.SECC_ID, "DE*ABC*1")
        for use in ("v2g", "v2g20", "combined", "station"):
            assert (await rig.command("CP1", NeutralCommand("renew-certificate", {"use": use}))).outcome == "accepted"
            await rig.work()
        found = [(row.use, row.status) for row in await rig.certificates()]
        assert found == [("station", "accepted"), ("station", "superseded"), ("v2g20", "accepted"), ("v2g", "accepted")]
        lasting = {row.use: (row.not_after - rig.clock.at).days for row in await rig.certificates() if row.not_after}
        assert lasting == {"station": 364, "v2g": 59, "v2g20": 59}
        assert own(joined, "V2G20Certificate").chain[0].subject.rfc4514_string() == "CN=DE*ABC*1,O=Voltyard"
        held = await rig.objects("installed_certificate")
        assert {row["data"]["use"] for row in held} == {"v2g_chain"}
        assert len(held[0]["data"]["children"]) == 1


async def test_1_6_has_certificates_towards_vehicles_inside_a_data_transfer(
    database: Database, tmp_path: Path
) -> None:
    """A02 and M03 to M05 as 2.0.1 says them: asked for, signed, given and kept; a no inside is a no."""
    async with certificate_rig(database, tmp_path) as rig:
        joined = await rig.connect("CP1", Version.V16)
        asked = await rig.command("CP1", NeutralCommand("renew-certificate", {"use": "v2g"}))
        assert (asked.action, asked.outcome) == ("DataTransfer", "accepted")
        await rig.work()
        [row] = await rig.certificates()
        assert (row.use, row.status) == ("v2g", "accepted")
        assert own(joined, "V2GCertificate").chain
        [sent] = payloads(joined, "CertificateSigned")
        assert (sent["vendorId"], sent["messageId"]) == ("org.openchargealliance.iso15118pnc", "CertificateSigned")
        root = bundle(issue("MO"))
        install = NeutralCommand("install-certificate", {"use": "mo_root", "certificate": root})
        assert (await rig.command("CP1", install)).outcome == "accepted"
        await rig.command("CP1", NeutralCommand("installed-certificates", {"use": "mo_root"}))
        [held] = await rig.objects("installed_certificate")
        assert held["data"]["use"] == "mo_root"
        delete = NeutralCommand("delete-certificate", {"certificate": held["key"]})
        assert (await rig.command("CP1", delete)).outcome == "accepted"
        assert await rig.objects("installed_certificate") == []
        refused = RawCommand("DataTransfer", wrapped("TriggerMessage", {"requestedMessage": "Heartbeat"})[1])
        assert (await rig.command("CP1", refused)).outcome == "unsupported"


async def test_requests_that_are_refused_say_why(database: Database, tmp_path: Path) -> None:
    """A02.FR.12; another station's name and key, the wrong operator, garbage, an unknown root: nothing is signed."""
    async with certificate_rig(database, tmp_path) as rig:
        first = await rig.connect("CP1", Version.V201)
        await rig.write(
            "insert into security_policies (tenant_id, organizations, updated_at) values ($1, '{Voltyard}', now())",
            DEFAULT_TENANT,
        )
        await rig.command("CP1", RENEW)
        await rig.work()
        other = await rig.connect("CP2", Version.V21)
        wallet = certificates.wallet(other.station)
        wallet.common_name = "SN-CP1"
        certificates.ask(other.station)
        other.poll()
        await rig.work()
        wallet.common_name = None
        other.station.settings.put(settings.ORGANIZATION, "Somebody")
        certificates.ask(other.station)
        other.poll()
        await rig.work()
        other.station.settings.put(settings.ORGANIZATION, "Voltyard")
        pending = certificates.ask(other.station)
        key = own(first).key
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        pending.key = key
        other.station.outbox.take(rig.clock.at, accepted=True)
        certificates._say(other.station, pending)
        other.poll()
        await rig.work()
        certificates.ask(other.station)
        said = other.station.outbox.take(rig.clock.at, accepted=True)
        assert said is not None
        root = {"hashAlgorithm": "SHA256", "issuerNameHash": "aa", "issuerKeyHash": "bb", "serialNumber": "1"}
        payload = said.build() | {"hashRootCertificate": root}
        said.build = lambda: payload
        other.station.outbox.put(said)
        other.poll()
        await rig.work()
        refused = [row for row in await rig.certificates() if row.station == "CP2"]
        assert [(row.status, row.code) for row in refused] == [
            ("refused", "unknown_root"), ("refused", "key_of_another"), ("refused", "wrong_organization"),
            ("refused", "wrong_name"),
        ]  # fmt: skip
        assert "'SN-CP1'; this station's serial number (or identity) is 'SN-CP2' or 'CP2'" in str(refused[3].reason)
        assert other.heard("CertificateSigned") == []
        said.build = lambda: {"csr": "garbage"}
        other.station.outbox.put(said)
        other.poll()
        await rig.settle()
        told = await rig.events("certificate.refused")
        assert [each["code"] for each in told] == [
            "wrong_name", "wrong_organization", "key_of_another", "unknown_root", "not_readable",
        ]  # fmt: skip
        assert other.station.notes[-1] == "request for a certificate: Rejected"
        assert len(await rig.jobs("sign-certificate")) == 5  # garbage begins none
        await rig.write(
            "insert into certificates (tenant_id, id, station_id, use, status, created_at, updated_at)"
            " select tenant_id, gen_random_uuid(), station_id, use, status, created_at, updated_at"
            " from certificates, generate_series(1, 5) where status = 'refused'"
        )
        other.station.settings.put(settings.ORGANIZATION, "Nobody")
        certificates.ask(other.station)
        other.poll()
        await rig.work()
        assert len([row for row in await rig.certificates() if row.station == "CP2"]) == 24, "no more are kept a day"
        assert len(await rig.events("certificate.refused")) == 5
        [*_, last] = sorted(await rig.jobs("sign-certificate"), key=lambda job: job.created_at)
        assert "wrong_organization" in (last.error or "")


async def test_a_station_that_rejects_is_away_or_takes_little(database: Database, tmp_path: Path) -> None:
    """A02.FR.07: kept with its reason. A02.FR.16: no more of the chain than it takes."""
    async with certificate_rig(database, tmp_path) as rig:
        joined = await rig.connect("CP1", Version.V201)
        trust(joined.station, bundle(issue("Stranger")))
        await rig.command("CP1", RENEW)
        await rig.work()
        [row] = await rig.certificates()
        assert (row.status, row.reason) == (
            "rejected",
            "the station answered Rejected: InvalidCertificate: the chain leads to no root that is installed",
        )
        assert joined.sim.shown[-2][1].count("InvalidChargingStationCertificate") == 1
        assert [each["station"] for each in await rig.events("certificate.rejected")] == ["CP1"]
        joined.station.wallet = None
        await chain_size(rig, row, "1000")
        await rig.command("CP1", RENEW)
        await rig.settle()
        await joined.hang_up()
        await rig.work()
        [row, _] = await rig.certificates()
        assert row.status == "issued"
        assert (await rig.jobs("sign-certificate"))[0].waits_for == "online"
        back = await rig.connect("CP1", Version.V201)
        back.station.wallet = joined.station.wallet
        await online(rig, row)
        await rig.work(12)
        [row, _] = await rig.certificates()
        assert row.status == "accepted"
        [sent] = payloads(back, "CertificateSigned")
        assert sent["certificateChain"].count("BEGIN CERTIFICATE") == 1
        assert row.chain is not None
        assert row.chain.count("BEGIN CERTIFICATE") == 2
        await chain_size(rig, row, "100")
        await rig.command("CP1", RENEW)
        await rig.work()
        assert (await rig.certificates())[0].reason == "it does not fit into the 100 characters it takes"


async def chain_size(rig: CertificateRig, row: CertificateRow, size: str) -> None:
    await rig.node.execute(
        "insert into variables (tenant_id, station_id, component, variable, value, received_at)"
        " values ($1, $2, $3, $4, $5, now()) on conflict (station_id, component, variable, attribute_type)"
        " do update set value = excluded.value",
        DEFAULT_TENANT, row.station_id, '{"name":"SecurityCtrlr"}', '{"name":"MaxCertificateChainSize"}', size,
    )  # fmt: skip


async def online(rig: CertificateRig, row: CertificateRow) -> None:
    """What the event of its coming does in a node."""
    await rig.worker._queue.station_ready(DEFAULT_TENANT, row.station_id, rig.clock.at, timedelta(seconds=2))


async def test_asking_again_is_no_second_certificate_and_not_without_end(database: Database, tmp_path: Path) -> None:
    """A02.FR.17: the same request again gives the same certificate; a newer one takes the place of an older one."""
    async with certificate_rig(database, tmp_path) as rig:
        joined = await rig.connect("CP1", Version.V201)
        await rig.command("CP1", RENEW)
        pending = certificates.wallet(joined.station).pending[-1]
        await rig.work()
        certificates.wallet(joined.station).pending.append(pending)
        certificates._say(joined.station, pending)
        joined.poll()
        await rig.work()
        assert len(await rig.certificates()) == 2  # another signature over the same key is another request (ECDSA)
        request = certificates.request_of(joined.station, pending)
        for _ in range(2):
            certificates.wallet(joined.station).pending.append(pending)
            await say(joined, request)
            await rig.work()
        assert len(await rig.certificates()) == 3
        assert len(joined.heard("CertificateSigned")) == 4
        await rig.command("CP1", RENEW)  # while the first of these is not worked on, the second comes
        await rig.command("CP1", RENEW)
        await rig.work()
        assert len(await rig.certificates()) == 4
        assert [job.result for job in await rig.jobs("sign-certificate")][1] == {
            "status": "superseded", "by": "a newer request of the station",
        }  # fmt: skip
        for _ in range(7):
            await rig.command("CP1", RENEW)
            await rig.work()
        newest = (await rig.certificates())[0]
        assert (newest.status, newest.code) == ("refused", "too_many")


async def say(joined: Joined, request: str) -> None:
    payload = {"csr": request.replace("\n", "\r\n"), "certificateType": STATION}
    joined.station.outbox.put(Outgoing("SignCertificate", lambda: payload))
    joined.poll()


async def test_the_trust_store_is_what_the_station_tells(database: Database, tmp_path: Path) -> None:
    """M03.FR.02 to FR.05, M04.FR.02, FR.04, FR.07, M05.FR.02, FR.03, FR.17: in every version, by its own hash data."""
    root, second = bundle(issue("Root", now=NOW)), bundle(issue("Second", now=NOW))
    async with certificate_rig(database, tmp_path) as rig:
        for version in ALL:
            name = f"CP-{version.value}"
            joined = await rig.connect(name, version)
            certificates.wallet(joined.station).store.algorithm = "SHA384"
            for use, text in (("csms_root", root), ("manufacturer_root", second.replace("\n", "\r\n"))):
                command = NeutralCommand("install-certificate", {"use": use, "certificate": text})
                assert (await rig.command(name, command)).outcome == "accepted"
            await rig.work()
            held = await rig.objects("installed_certificate")
            assert [(row["data"]["use"], row["data"]["hash"]["hashAlgorithm"]) for row in held] == [
                ("csms_root", "SHA384"), ("manufacturer_root", "SHA384"),
            ]  # fmt: skip
            first, other = held[0]["key"], held[1]["key"]
            assert (await rig.command(name, NeutralCommand("delete-certificate", {"certificate": first}))).outcome == (
                "accepted"
            )
            assert [row["key"] for row in await rig.objects("installed_certificate")] == [other]
            await rig.work()
            certificates.wallet(joined.station).store.held.clear()  # somebody was at the station itself
            gone = await rig.command(name, NeutralCommand("delete-certificate", {"certificate": other}))
            assert gone.payload["status"] == "NotFound"
            assert await rig.objects("installed_certificate") == []
            await rig.work()
            await joined.hang_up()
        assert len(await rig.objects("root_certificate")) == 6
        joined = await rig.connect("CP-2.1", Version.V21)
        for use, name in (
            ("oem_root", "install-certificate"), ("mo_root", "install-certificate"),
            ("v2g_root", "install-certificate"), ("v2g_root", "installed-certificates"),
            ("v2g_chain", "installed-certificates"),
        ):  # fmt: skip
            arguments = {"use": use} | ({"certificate": root} if "install-" in name else {})
            assert (await rig.command("CP-2.1", NeutralCommand(name, arguments))).status == "answered", use
        held = await rig.objects("installed_certificate")
        assert [row["data"]["type"] for row in held] == ["V2GRootCertificate"]
        await rig.work()
        held = await rig.objects("installed_certificate")
        assert {row["data"]["use"] for row in held} == {"oem_root", "mo_root", "v2g_root"}


async def test_renewal_expiry_and_revocation(database: Database, tmp_path: Path) -> None:
    async with certificate_rig(database, tmp_path) as rig:
        joined = await rig.connect("CP1", Version.V16)
        await rig.command("CP1", RENEW)
        await rig.work()
        [first] = await rig.certificates()
        await rig.work(240 * 86400)
        assert len(await rig.certificates()) == 1
        await rig.work(2 * 86400)  # two thirds are over: it is asked
        await rig.work()
        [second, first] = await rig.certificates()
        assert (second.status, first.status) == ("accepted", "superseded")
        assert [each["certificate_id"] for each in await rig.events("certificate.expiring")] == [str(first.id)]
        await rig.work(86400)
        assert [job.status for job in await rig.jobs("renew-certificate")] == ["done"]
        # one that is asked in vain
        joined.station.dialect.handlers = {
            name: each for name, each in joined.station.dialect.handlers.items() if name != "ExtendedTriggerMessage"
        }
        for days in (241, 60, 30, 30, 30):
            await rig.work(86400 * days)
        [second, first] = await rig.certificates()
        assert (second.status, first.status) == ("expired", "superseded")
        assert [each["reason"] for each in await rig.events("certificate.renewal_failed")] == [
            "the station answered NotSupported: ExtendedTriggerMessage is not supported by this station"
        ]
        assert [each["certificate_id"] for each in await rig.events("certificate.expired")] == [str(second.id)]
        await check_revocation(rig, second)


async def check_revocation(rig: CertificateRig, row: CertificateRow) -> None:
    """It is told, and stands in the signed list; a list is never older than its end."""
    [signer] = await rig.web.run_as_tenant(DEFAULT_TENANT, list_authorities)
    assert signer.crl is not None
    assert signer.crl_until is not None
    assert signer.crl_until > rig.clock.at
    later = rig.clock.at + timedelta(days=9)
    await rig.write("update certificates set not_after = $1 where id = $2", later, row.id)

    async def revoke(connection: Any) -> None:
        found = await get_certificate(connection, row.id, lock=True)
        assert found is not None
        await revoke_certificate(connection, found, "key_compromise", rig.clock.at)

    await rig.web.run_as_tenant(DEFAULT_TENANT, revoke)
    await begin(rig, certificate_upkeep.REVOKED, {"certificate": str(row.id)}, row.station_id)
    await rig.work()
    [told] = await rig.events("certificate.revoked")
    assert (told["serial"], told["issuer_hash"], told["reason"]) == (row.serial, row.issuer_hash, "key_compromise")
    [signer] = await rig.web.run_as_tenant(DEFAULT_TENANT, list_authorities)
    assert signer.crl is not None
    found = x509.load_der_x509_crl(signer.crl)
    key = x509.load_pem_x509_certificate(signer.issuing.encode()).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert found.is_signature_valid(key)
    entry = found.get_revoked_certificate_by_serial_number(int(str(row.serial), 16))
    assert entry is not None
    assert entry.extensions.get_extension_for_class(x509.CRLReason).value.reason is x509.ReasonFlags.key_compromise


async def begin(rig: CertificateRig, kind: str, state: dict[str, Any], station: UUID | None = None) -> None:
    now = rig.clock.at
    await rig.tools.begin(NewJob(DEFAULT_TENANT, uuids.uuid7(), kind, None, station, None, now, now, state))


async def test_a_new_authority_is_signed_by_the_one_before(database: Database, tmp_path: Path) -> None:
    """M05.FR.10; what the old one signed goes on, and a lost seal is told with what to do."""
    async with certificate_rig(database, tmp_path) as rig:
        joined = await rig.connect("CP1", Version.V201)
        await rig.command("CP1", RENEW)
        await rig.work()
        joined.station.wallet = None
        joined.station.settings.put(settings.ORGANIZATION, "New name")
        await begin(rig, certificate_upkeep.AUTHORITY, {"organization": "New name"})
        await rig.work()
        new, old = await rig.web.run_as_tenant(DEFAULT_TENANT, list_authorities)
        assert (new.status, new.organization, old.status, old.organization) == (
            "active", "New name", "retired", "Default",
        )  # fmt: skip
        crossing, root = chain.read(str(new.crossing))[0], chain.read(new.root)[0]
        assert crossing.public_key() == root.public_key()
        assert chain.issued(crossing, chain.read(old.root)[0])
        await rig.command("CP1", RENEW)
        await rig.work()
        newest = (await rig.certificates())[0]
        assert (newest.status, newest.authority_id) == ("accepted", new.id)
        (tmp_path / "secrets" / "authority-seal").unlink()
        await rig.command("CP1", RENEW)
        await rig.work()
        job = (await rig.jobs("sign-certificate"))[0]
        assert job.status == "waiting"
        assert "restore that file from a backup, or make a new authority" in str(job.error)
        assert (tmp_path / "secrets" / "authority-seal").stat().st_mode & 0o777 == 0o600
        await own_authority(rig.tools).make(DEFAULT_TENANT, None, rig.clock.at)
        await rig.work(30)
        assert (await rig.certificates())[0].status == "accepted"
        assert b"PRIVATE" not in old.root_key + old.issuing_key


async def test_what_a_station_sends_unchecked_teaches_nothing_wrong(database: Database, tmp_path: Path) -> None:
    async with certificate_rig(database, tmp_path) as rig:
        joined = await rig.connect("CP1", Version.V16)
        payload = {"certificateType": "CentralSystemRootCertificate", "certificate": csr(name=subject("x"))}
        result = await rig.command("CP1", RawCommand("InstallCertificate", payload))
        assert result.payload == {"status": "Rejected"}
        joined.station.dialect.handlers = {
            **joined.station.dialect.handlers, "InstallCertificate": lambda *_: {"status": "Accepted"}
        }
        result = await rig.command("CP1", RawCommand("InstallCertificate", payload))
        await rig.work()
        assert await rig.objects("root_certificate") == []
        assert [job.status for job in await rig.jobs("list-certificates")] == ["done"]
        with pytest.raises(pem.NotPem):
            pem.single(payload["certificate"], pem.CERTIFICATE)


async def test_an_authority_that_is_away_is_asked_again_and_one_that_refuses_is_not(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A02, error handling: either way an operator hears of it."""
    said: list[Exception] = []

    class Elsewhere:
        async def sign(self, order: SigningOrder) -> Signed:
            raise said[-1]

    monkeypatch.setattr("gateway.worker.certificates.authority", lambda tools, use: Elsewhere())
    async with certificate_rig(database, tmp_path) as rig:
        await rig.connect("CP1", Version.V201)
        said.append(AuthorityRefused("refused_by_authority", "the authority knows no such operator"))
        await rig.command("CP1", RENEW)
        await rig.work()
        [row] = await rig.certificates()
        assert (row.status, row.code) == ("refused", "refused_by_authority")
        said.append(AuthorityAway("ca.example cannot be reached"))
        await rig.command("CP1", RENEW)
        await rig.work()
        job = (await rig.jobs("sign-certificate"))[0]
        assert (job.status, job.error, job.state["tries"]) == ("waiting", "ca.example cannot be reached", 1)
        for _ in range(20):
            await rig.work(7300)
        newest = (await rig.certificates())[0]
        assert (newest.status, newest.code) == ("refused", "authority_away")
        assert [each["code"] for each in await rig.events("certificate.refused")] == [
            "refused_by_authority", "authority_away",
        ]  # fmt: skip


def test_which_authority_signs_is_a_setting(tmp_path: Path) -> None:
    outside = Settings(
        data_dir=tmp_path, certificate_authority_url="https://ca.example/sign", certificate_authority_uses=("v2g",)
    )
    for settings_, use, kind in (
        (Settings(data_dir=tmp_path), "v2g", OwnAuthority), (outside, "station", OwnAuthority),
        (outside, "v2g", RemoteAuthority),
    ):  # fmt: skip
        tools: Any = SimpleNamespace(settings=settings_, new_id=uuids.uuid7, database=None)
        assert isinstance(authority(tools, use), kind)
