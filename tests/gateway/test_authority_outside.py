"""An authority outside, over HTTPS: what goes out, and that its answer is believed only as far as it can be checked."""

import base64
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import attrs
import pytest
import trio
from cryptography import x509
from cryptography.hazmat.primitives import hashes as digests
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs7

from actors.certificates import chain, hashes
from gateway.services.ca import AuthorityAway, AuthorityRefused, SigningOrder
from gateway.services.ca_remote import RemoteAuthority
from gateway.settings import InvalidSetting
from gateway.settings_load import load
from tests.support.signing import NOW, Issuer, bundle, csr, ec_key, issue, pem

KEY = ec_key()
REQUEST = csr(KEY)
ROOT = issue("Root")
MIDDLE = issue("Middle", ROOT)
LEAF = issue("SN-1", MIDDLE, key=KEY.public_key(), authority=False)
ORDER = SigningOrder(
    UUID(int=1), "CP1", REQUEST, hashes.key_info_hash(KEY.public_key()), "v2g", timedelta(days=60), NOW,
    {"hashAlgorithm": "SHA256", "issuerKeyHash": "ab"},
)  # fmt: skip


@attrs.define
class Server:
    """A tiny HTTPS server: answers as it is told, keeps what it was asked."""

    url: str
    ca_file: Path
    answer: bytes = b""
    kind: str = "application/pem-certificate-chain"
    status: int = 200
    silent: bool = False
    asked: list[bytes] = attrs.Factory(list)

    def authority(self, **changes: Any) -> RemoteAuthority:
        usual: dict[str, Any] = {"url": self.url, "deadline": 5.0, "token": "t0k", "ca_file": self.ca_file}
        return RemoteAuthority(**(usual | changes))

    async def serve(self, stream: trio.SSLStream[trio.SocketStream]) -> None:
        try:
            text = b""
            while b"\r\n\r\n" not in text or len(text.split(b"\r\n\r\n", 1)[1]) < _length(text):
                text += await stream.receive_some(65_536)
            self.asked.append(text)
            if self.silent:
                await trio.sleep_forever()
            head = f"HTTP/1.1 {self.status} X\r\nContent-Type: {self.kind}\r\nContent-Length: {len(self.answer)}\r\n"
            await stream.send_all(head.encode() + b"Connection: close\r\n\r\n" + self.answer)
        except (trio.BrokenResourceError, ssl.SSLError):
            pass  # whoever asked has left
        finally:
            await trio.aclose_forcefully(stream)


def _length(text: bytes) -> int:
    head = text.split(b"\r\n\r\n", 1)[0].lower()
    found = [line for line in head.split(b"\r\n") if line.startswith(b"content-length:")]
    return int(found[0].split(b":")[1]) if found else 0


@asynccontextmanager
async def server(folder: Path) -> AsyncIterator[Server]:
    context, ca_file = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), folder / "ca.pem"
    own = _server_certificate()
    ca_file.write_text(pem(own.certificate))
    key = own.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "server.pem").write_bytes(pem(own.certificate).encode() + key)
    context.load_cert_chain(folder / "server.pem")
    async with trio.open_nursery() as nursery:
        [listener] = await trio.open_tcp_listeners(0, host="127.0.0.1")
        port = listener.socket.getsockname()[1]
        made = Server(f"https://127.0.0.1:{port}/.well-known/est/simpleenroll", ca_file)

        async def handle(stream: trio.SocketStream) -> None:
            await made.serve(trio.SSLStream(stream, context, server_side=True))

        nursery.start_soon(partial(trio.serve_listeners, handle, [listener]))
        yield made
        nursery.cancel_scope.cancel()


def _server_certificate() -> Issuer:
    """For 127.0.0.1, valid by the real clock, since TLS looks at that one."""
    key, now = ec_key(), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    built = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    )  # fmt: skip
    return Issuer(built.sign(key, digests.SHA256()), key)


async def test_the_request_goes_out_and_the_chain_comes_back_in_order(tmp_path: Path) -> None:
    async with server(tmp_path) as there:
        there.answer = bundle(ROOT, MIDDLE, LEAF).encode()  # the wrong order, and with the root
        signed = await there.authority().sign(ORDER)
        assert (signed.chain, signed.authority_id) == (bundle(LEAF, MIDDLE), None)
        there.kind = "application/pkcs7-mime; smime-type=certs-only"
        wrapped = pkcs7.serialize_certificates([LEAF.certificate, MIDDLE.certificate], Encoding.DER)
        there.answer = base64.encodebytes(wrapped)
        assert (await there.authority().sign(ORDER)).chain == bundle(LEAF, MIDDLE)
        there.answer = wrapped
        assert (await there.authority().sign(ORDER)).chain == bundle(LEAF, MIDDLE)
    head, body = there.asked[0].split(b"\r\n\r\n", 1)
    assert head.startswith(b"POST /.well-known/est/simpleenroll HTTP/1.1")
    for line in (b"authorization: bearer t0k", b"content-type: application/pkcs10", b"voltyard-use: v2g",
                 b"voltyard-root: sha256:ab"):  # fmt: skip
        assert line in head.lower()
    assert body.decode().strip() == "\n".join(REQUEST.strip().splitlines()[1:-1])


@pytest.mark.parametrize(
    ("status", "answer", "kind", "raises", "words"),
    [
        (400, b"no such operator", "text/plain", AuthorityRefused, "refused it with HTTP 400: no such operator"),
        (503, b"", "text/plain", AuthorityAway, "answered HTTP 503: nothing more"),
        (401, b"", "text/plain", AuthorityAway, "HTTP 401"),  # ours to put right, and then it goes on
        (302, b"", "text/plain", AuthorityAway, "HTTP 302"),
        (200, b"<html>", "text/html", AuthorityRefused, "not PEM"),
        (200, b"garbage", "application/pkcs7-mime", AuthorityRefused, "no PKCS #7"),
        (200, b"x" * 70_000, "text/plain", AuthorityRefused, "more than 65536 bytes"),
        (200, bundle(MIDDLE, ROOT).encode(), "", AuthorityRefused, "none of its certificates is for the key"),
        (200, bundle(LEAF, issue("Z", issue("Y"))).encode(), "", AuthorityRefused, "not part of the chain"),
    ],
)
async def test_answers_that_are_of_no_use(
    tmp_path: Path, status: int, answer: bytes, kind: str, raises: type[Exception], words: str
) -> None:
    async with server(tmp_path) as there:
        there.status, there.answer, there.kind = status, answer, kind
        with pytest.raises(raises, match=words):
            await there.authority().sign(ORDER)


async def test_a_server_that_is_silent_away_or_somebody_else(tmp_path: Path) -> None:
    async with server(tmp_path) as there:
        there.silent = True
        with pytest.raises(AuthorityAway, match=r"no whole answer within 0\.2 s"):
            await there.authority(deadline=0.2).sign(ORDER)
        with pytest.raises(AuthorityAway, match="certificate"):
            await there.authority(ca_file=None).sign(ORDER)  # nobody vouches for it
    with pytest.raises(AuthorityAway, match="cannot be reached"):
        await there.authority().sign(ORDER)
    assert "t0k" not in repr(there.authority())


def test_only_https_is_taken_as_its_address(tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting, match="https"):
        load({"VOLTYARD_CERTIFICATE_AUTHORITY_URL": "http://ca.example"}, tmp_path)


def test_a_chain_may_be_of_one_certificate() -> None:
    direct = issue("SN-1", ROOT, key=KEY.public_key(), authority=False)
    assert chain.written(chain.ordered([direct.certificate], ORDER.key_hash, NOW)) == bundle(direct)
