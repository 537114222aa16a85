"""The simulated station's side of certificates: what it asks for, takes, refuses and lists; no platform behind it."""

import ssl
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from protocol.ocpp.version import Version
from simulators.station import certificates, settings
from simulators.station.certificate_store import MOST, hash_data
from tests.support.signing import Issuer, bundle, issue, pem
from tests.support.sim_bench import START, Bench

ALL = (Version.V16, Version.V201, Version.V21)
CSMS = {Version.V16: "CentralSystemRootCertificate"}


def root(name: str = "Root", **options: Any) -> Issuer:
    return issue(name, now=START, **options)


def asked(bench: Bench) -> x509.CertificateSigningRequest:
    return x509.load_pem_x509_csr(bench.last("SignCertificate")["csr"].encode())


def trigger(bench: Bench, name: str = "SignChargingStationCertificate") -> Any:
    if bench.version is Version.V16:
        return bench.ask("ExtendedTriggerMessage", {"requestedMessage": "SignChargePointCertificate"})
    return bench.ask("TriggerMessage", {"requestedMessage": name})


def bench_of(version: Version) -> Bench:
    bench = Bench(version)
    bench.answers["SignCertificate"] = lambda _: {"status": "Accepted"}
    return bench.connect()


def give(bench: Bench, text: str, **more: Any) -> Any:
    answer = bench.ask("CertificateSigned", {"certificateChain": text} | more)
    assert isinstance(answer, dict)
    return answer["status"]


@pytest.mark.parametrize("version", ALL, ids=str)
def test_a_key_is_made_asked_for_and_used(version: Version, tmp_path: Path) -> None:
    """A02.FR.02, FR.03, FR.06, FR.08, FR.13, FR.24; M05.FR.02."""
    bench = bench_of(version)
    above = root()
    kind = CSMS.get(version, "CSMSRootCertificate")
    assert bench.ask("InstallCertificate", {"certificateType": kind, "certificate": bundle(above)}) == {
        "status": "Accepted"
    }
    bench.station.settings.put(settings.ORGANIZATION, "Example")
    assert trigger(bench) == {"status": "Accepted"}
    request = asked(bench)
    assert request.subject.rfc4514_string() == "CN=S-1,O=Example"
    assert request.is_signature_valid
    told = bench.last("SignCertificate")
    assert told.get("certificateType") == (None if version is Version.V16 else certificates.STATION)
    assert told.get("requestId") == (1 if version is Version.V21 else None)
    middle = issue("Middle", above, now=START)
    leaf = issue("S-1", middle, key=request.public_key(), now=START, authority=False)
    assert certificates.write_files(bench.station, tmp_path) is None
    assert give(bench, bundle(leaf, middle)) == "Accepted"
    assert bench.station.wants_relink
    files = certificates.write_files(bench.station, tmp_path)
    assert files is not None
    assert files[0].read_text() == bundle(leaf, middle)
    assert files[1].stat().st_mode & 0o777 == 0o600
    context = certificates.present(bench.station, ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    assert isinstance(context, ssl.SSLContext)
    own = hash_data(leaf.certificate, middle.certificate)
    assert bench.ask("DeleteCertificate", {"certificateHashData": own}) == {"status": "Failed"}  # M04.FR.06


def test_what_is_wrong_with_a_chain_is_noticed() -> None:
    """A02.FR.06, FR.07, FR.16, FR.26."""
    bench = bench_of(Version.V21)
    above = root()
    certificates.wallet(bench.station).store.held.append(("CSMSRootCertificate", above.certificate))
    trigger(bench)
    key = asked(bench).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    middle = issue("Middle", above, now=START)
    leaf = issue("S-1", middle, key=key, now=START, authority=False)
    alone = issue("S-1", root("Stranger"), key=key, now=START)
    late = issue("S-1", above, key=key, now=START, begins=timedelta(days=2))
    for text, more, words in (
        (bundle(leaf, middle), {"requestId": 7}, "no request is open"),
        ("garbage", {}, "cannot be read"),
        (bundle(middle, leaf), {}, "not for the key"),
        (bundle(leaf, root("Other")), {}, "not in order"),
        (bundle(leaf), {}, "no root that is installed"),
        (bundle(alone), {}, "no root that is installed"),
        (bundle(late), {}, "not valid now"),
    ):
        assert give(bench, text, **more) == "Rejected", words
        told = bench.last("SecurityEventNotification")
        assert (told["type"], words in told["techInfo"]) == ("InvalidChargingStationCertificate", True), told
    bench.station.settings.put(settings.CHAIN_SIZE, "100")
    assert give(bench, bundle(leaf, middle)) == "Rejected"
    bench.station.settings.put(settings.CHAIN_SIZE, "10000")
    assert give(bench, bundle(leaf, middle), requestId=1) == "Accepted"
    assert give(bench, bundle(leaf, middle), requestId=1) == "Rejected"


def test_it_asks_again_with_growing_pauses_and_then_no_more() -> None:
    """A02.FR.17 to FR.19."""
    bench = bench_of(Version.V201)
    bench.station.settings.put(settings.CSR_WAIT, "10")
    trigger(bench)
    counts = []
    for _ in range(8):
        bench.pass_time(10)
        counts.append(len(bench.all_of("SignCertificate")))
    assert counts == [2, 2, 3, 3, 3, 3, 3, 3]
    refusing = Bench(Version.V201)
    refusing.answers["SignCertificate"] = lambda _: {"status": "Rejected"}
    refusing.connect()
    trigger(refusing)
    refusing.pass_time(130)
    assert len(refusing.all_of("SignCertificate")) == 1


def test_the_trust_store_has_its_rules() -> None:
    """M03.FR.02, M04.FR.04, M05.FR.10 to FR.12, FR.17."""
    bench = bench_of(Version.V201)
    old = root("Old")
    new, stranger = issue("New", old, now=START), root("Stranger")

    def install(text: str, kind: str = "CSMSRootCertificate") -> Any:
        answer = bench.ask("InstallCertificate", {"certificateType": kind, "certificate": text})
        assert isinstance(answer, dict)
        return answer["status"]

    assert bench.ask("GetInstalledCertificateIds", {}) == {"status": "NotFound"}
    assert install(bundle(old)) == install(bundle(old)) == "Accepted"
    assert len(certificates.wallet(bench.station).store.held) == 1
    bench.station.settings.put(settings.ROOT_CHECK, "true")
    assert install(bundle(stranger)) == "Rejected"
    assert install(bundle(new)) == "Accepted"
    assert install("garbage") == install(bundle(root("Past", begins=timedelta(days=-90)))) == "Rejected"
    listed = bench.ask("GetInstalledCertificateIds", {"certificateType": ["CSMSRootCertificate"]})
    assert isinstance(listed, dict)
    told = [each["certificateHashData"] for each in listed["certificateHashDataChain"]]
    assert told == [hash_data(old.certificate, old.certificate), hash_data(new.certificate, old.certificate)]
    assert bench.ask("DeleteCertificate", {"certificateHashData": told[0]}) == {"status": "Accepted"}
    assert bench.ask("DeleteCertificate", {"certificateHashData": told[0]}) == {"status": "NotFound"}
    results = [install(pem(root(f"R{number}").certificate), "MORootCertificate") for number in range(MOST)]
    assert results.count("Accepted") == MOST - 1
