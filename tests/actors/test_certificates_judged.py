"""Requests for certificates and chains of certificates: what is taken, and why the rest is not. Pure."""

from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes as digests
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519
from cryptography.hazmat.primitives.serialization import Encoding

from actors.certificates import chain, hashes, pem
from actors.certificates import csr as csr_rules
from actors.certificates.chain import ChainRefused
from actors.certificates.csr import RequestRefused, Wanted, judge
from actors.certificates.objects import hash_of, key_of, same
from actors.certificates.policy import Holder, chain_limit, named, renewal, wanted
from simulators.station.certificate_store import hash_data
from tests.support import signing
from tests.support.signing import NOW, bundle, csr, issue, rsa_key, subject

WANTED = Wanted(("SN-1",), ("Example",))
RSA = rsa_key()


@pytest.mark.parametrize(
    "request_pem",
    [
        csr(),
        csr(RSA),  # PKCS #1
        csr(RSA, pss=True),  # quirk 34, A00.FR.505
        csr(ec.generate_private_key(ec.SECP224R1())),  # A00.FR.503
        csr(ec.generate_private_key(ec.SECP521R1()), digest=digests.SHA512()),
        csr(name=subject("sn-1", " Example  ")),
    ],
)
def test_sound_requests_are_taken(request_pem: str) -> None:
    asked = judge(request_pem, WANTED)
    assert asked.key_hash == hashes.key_info_hash(asked.csr.public_key())
    assert len(asked.csr_hash) == 64


def eddsa(key: ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey) -> str:
    built = x509.CertificateSigningRequestBuilder().subject_name(subject()).sign(key, None)
    return built.public_bytes(Encoding.PEM).decode()


def test_keys_of_iso_15118_20_are_taken() -> None:
    assert judge(eddsa(ed448.Ed448PrivateKey.generate()), WANTED).subject == "CN=SN-1,O=Example"
    assert judge(eddsa(ed25519.Ed25519PrivateKey.generate()), WANTED).subject == "CN=SN-1,O=Example"


def changed(text: str) -> str:
    """The same request under another name: its signature is that of the old one."""
    der = x509.load_pem_x509_csr(text.encode()).public_bytes(Encoding.DER).replace(b"SN-1", b"SN-2")
    return x509.load_der_x509_csr(der).public_bytes(Encoding.PEM).decode()


def with_sha1() -> str:
    """A request that says it is signed with SHA-1; the library itself signs none."""
    der = x509.load_pem_x509_csr(csr(RSA).encode()).public_bytes(Encoding.DER)
    sha256, sha1 = bytes.fromhex("2a864886f70d01010b"), bytes.fromhex("2a864886f70d010105")
    return x509.load_der_x509_csr(der.replace(sha256, sha1)).public_bytes(Encoding.PEM).decode()


@pytest.mark.parametrize(
    ("request_pem", "code", "words"),
    [
        (csr(rsa_key(1024)), "weak_key", "1024 bits; at least 2048"),  # A00.FR.502
        (csr(rsa_key(2048, 3)), "weak_key", "exponent"),
        (csr(ec.generate_private_key(ec.SECP192R1())), "weak_key", "192 bits; 224"),  # A00.FR.503
        (csr(dsa.generate_private_key(2048)), "weak_key", "kind that is not taken"),
        (with_sha1(), "weak_signature", "sha1"),  # A00.FR.504, A00.FR.506
        (changed(csr()), "wrong_signature", "changed or damaged"),
        (csr(name=subject("SN-2")), "wrong_name", "'SN-2'"),  # another station's
        (csr(name=subject(None)), "wrong_name", "0 times"),
        (csr(name=x509.Name([*subject(), *subject("SN-1", None)])), "wrong_name", "2 times"),
        (csr(name=subject("192.0.2.7")), "wrong_name", "address"),  # A00.FR.511
        (csr(name=subject("https://cp.example")), "wrong_name", "address"),
        (csr(name=subject("SN-1", None)), "wrong_organization", "0 times"),  # A00.FR.509
        (csr(name=subject("SN-1", "Somebody")), "wrong_organization", "'Somebody'; wanted is 'Example'"),
        ("-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n", "not_readable", "PKCS"),
        ("garbage", "not_readable", "PKCS"),
    ],
)
def test_unsound_requests_are_refused_with_the_reason(request_pem: str, code: str, words: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        judge(request_pem, WANTED)
    assert refused.value.code == code
    assert words in str(refused.value)


def test_a_key_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Making one of more than 8192 bits takes longer than all other tests together, so the limit moves instead."""
    monkeypatch.setattr(csr_rules, "_MOST_RSA", 2047)
    with pytest.raises(RequestRefused, match="2048 bits; at most 2047"):
        judge(csr(RSA), WANTED)


def holder(**changes: Any) -> Holder:
    usual: dict[str, Any] = {"identity": "CP1", "serial_number": "SN-1", "strict": False}
    return Holder(**(usual | changes))


@pytest.mark.parametrize(
    ("who", "use", "names"),
    [
        (holder(), "station", ("SN-1", "CP1")),
        (holder(strict=True), "station", ("SN-1",)),  # A00.FR.511
        (holder(serial_number=None), "station", ("CP1",)),
        (holder(serial_number=None, strict=True), "station", ("CP1",)),
        (holder(names=("A", "B")), "station", ("A", "B", "CP1")),
        (holder(names=("A",), strict=True), "station", ("A",)),
        (holder(secc_ids=("DE123",)), "v2g", ("DE123",)),
        (holder(), "v2g20", ()),
        (holder(strict=True), "v2g", ("SN-1",)),
    ],
)
def test_which_names_a_certificate_may_bear(who: Holder, use: str, names: tuple[str, ...]) -> None:
    assert wanted(who, use, ["Example"]) == Wanted(names, ("Example",), wanted(who, use, ()).source)


def test_small_facts_of_the_policy() -> None:
    assert named({"certificate_names": ["A"]}) == ("A",)
    assert named({}) == ()
    assert [chain_limit(text) for text in ("5600", " 5600 ", "0", "-1", "many", None)] == [5600, 5600, *[None] * 4]
    assert renewal(NOW, NOW + timedelta(days=300), 66) == NOW + timedelta(days=198)


# PEM


def test_pem_is_read_however_it_is_written() -> None:
    """Quirk 34."""
    clean = csr()
    body = "".join(clean.splitlines()[1:-1])
    for text in (
        clean, clean.rstrip("\n"), clean.replace("\n", "\r\n"), clean.replace("\n", "\\n"), "hello\n" + clean,
        f"-----BEGIN CERTIFICATE REQUEST-----{body}-----END CERTIFICATE REQUEST-----",
        clean.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"),
        "\n".join(f"  {line}  " for line in clean.splitlines()),
    ):  # fmt: skip
        assert pem.single(text, pem.REQUEST) == clean


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not PEM"),
        ("x" * 70_000, "70000 characters"),
        (csr() + csr(), "2 blocks"),
        ("-----BEGIN CERTIFICATE REQUEST-----" * 17, "more than 16"),
        (bundle(issue("A")), "CERTIFICATE where CERTIFICATE REQUEST"),
        ("-----BEGIN CERTIFICATE REQUEST-----\n%%%\n-----END CERTIFICATE REQUEST-----", "no base64"),
        ("-----BEGIN CERTIFICATE REQUEST-----\naGVsbG8=\n-----END CERTIFICATE REQUEST-----", "ASN.1"),
        ("-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----", "ASN.1"),
    ],
)
def test_what_is_no_pem_is_told_so(text: str, words: str) -> None:
    with pytest.raises(pem.NotPem, match=words):
        pem.single(text, pem.REQUEST)


# Chains


def test_a_chain_is_put_in_order_and_loses_its_root() -> None:
    root = issue("Root")
    middle = issue("Middle", root)
    leaf = issue("SN-1", middle, authority=False)
    key = hashes.key_info_hash(leaf.certificate.public_key())
    wanted_order = bundle(leaf, middle)
    for given in (bundle(leaf, middle), bundle(root, middle, leaf), bundle(middle, leaf), bundle(middle, root, leaf)):
        assert chain.written(chain.ordered(chain.read(given), key, NOW)) == wanted_order


def test_chains_that_cannot_be_used() -> None:
    root, other = issue("Root"), issue("Other")
    leaf = issue("SN-1", root, authority=False)
    key = hashes.key_info_hash(leaf.certificate.public_key())
    late = issue("SN-1", root, key=leaf.certificate.public_key(), begins=timedelta(days=1))
    ended = issue("SN-1", root, key=leaf.certificate.public_key(), begins=timedelta(days=-60))
    alone = issue("SN-1")
    stranger = issue("Middle", other)
    for given, its_key, words in (
        (bundle(root), key, "none of its certificates is for the key"),
        (bundle(alone), hashes.key_info_hash(alone.certificate.public_key()), "signed by itself"),
        (bundle(leaf, stranger), key, "not part of the chain"),
        (bundle(late, root), key, "not valid before 2026-03-02"),
        (bundle(ended, root), key, "expired on 2026-01-30"),
    ):
        with pytest.raises(ChainRefused, match=words):
            chain.ordered(chain.read(given), its_key, NOW)
    for text, words in (("", "not PEM"), (bundle(*[root] * 9), "9 certificates"), (csr(), "REQUEST where")):
        with pytest.raises(ChainRefused, match=words):
            chain.read(text)


def test_a_chain_is_cut_to_what_the_station_takes() -> None:
    """A02.FR.16."""
    text = bundle(issue("A"), issue("B"))
    first = bundle(*[]) or text[: len(text) // 2 + 40].split("-----END CERTIFICATE-----")[0]
    assert chain.fitting(text, None) == text
    assert chain.fitting(text, len(text)) == text
    cut = chain.fitting(text, len(text) - 1)
    assert cut is not None
    assert cut.startswith(first)
    assert cut.count("BEGIN") == 1
    assert chain.fitting(text, 100) is None


# Names of certificates


def test_hash_data_is_what_a_station_makes_of_it() -> None:
    root = issue("Root")
    leaf = issue("SN-1", root, authority=False)
    for algorithm in ("SHA256", "SHA384", "SHA512"):
        ours = hashes.of(leaf.certificate, root.certificate)[algorithm]
        assert ours == hash_data(leaf.certificate, root.certificate, algorithm)
    rsa_root = x509.load_pem_x509_certificate(signing.pem(issue("R", key=RSA.public_key()).certificate).encode())
    assert hashes.of_root(rsa_root)["SHA256"] == hash_data(rsa_root, rsa_root)


def test_the_key_of_an_installed_certificate_holds_what_the_station_told() -> None:
    told = {"hashAlgorithm": "SHA256", "issuerNameHash": "AbC", "issuerKeyHash": "dEf", "serialNumber": "0f1"}
    assert key_of("csms_root", told) == "csms_root:SHA256:AbC:dEf:0f1"
    assert hash_of("csms_root:SHA256:AbC:dEf:0f1") == told
    assert [hash_of(text) for text in ("", "a:b", "csms_root:SHA256:a::1", "a:b:c:d:e:f")] == [None] * 4
    assert same(told, {**told, "issuerNameHash": "aBc", "serialNumber": "F1"})
    assert not same(told, {**told, "serialNumber": "f2"})
