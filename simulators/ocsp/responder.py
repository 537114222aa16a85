"""An OCSP responder and a server of revocation lists, as good or as bad as told.

Bad manners: `slow` (answers after a while), `wrong` (about another certificate), `replay` (the first answer again, for
any later request), `stale` (nextUpdate is over), `forged` (signed by a stranger), `garbage`, `refuse` (tryLater),
`huge`, `status` (HTTP 503), `no-nonce`.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import attrs
import trio
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from simulators.http import Request, Response
from simulators.ocsp.authority import Authority, Issued

MANNERS: Final = (
    "slow", "wrong", "replay", "stale", "forged", "garbage", "refuse", "huge", "status", "no-nonce",
)  # fmt: skip
_OCSP: Final = "application/ocsp-response"
_CRL: Final = "application/pkix-crl"
_HUGE: Final = 16 * 1024 * 1024


@attrs.define
class Responder:
    """`revoked` and `unknown` hold serial numbers; everything else is good. `asked` counts by path.

    `brings`: certificates that go with its answers beside its own.
    """

    authority: Authority
    now: Callable[[], datetime]
    manner: str | None = None
    slow_s: float = 60.0
    lasts: timedelta = timedelta(hours=1)
    revoked: set[int] = attrs.Factory(set)
    unknown: set[int] = attrs.Factory(set)
    asked: Counter[str] = attrs.Factory(Counter)
    brings: tuple[x509.Certificate, ...] = ()
    _first: bytes | None = None

    async def handle(self, request: Request) -> Response:
        """`/ocsp` by POST, `/crl` by GET."""
        path = request.target.partition("?")[0]
        self.asked[path] += 1
        if self.manner == "slow":
            await trio.sleep(self.slow_s)
        if self.manner == "status":
            return Response(503)
        if self.manner == "garbage":
            return Response(200, b"\x30\x03no", _OCSP)
        if self.manner == "huge":
            return Response(200, b"\0" * _HUGE, _OCSP)
        if path == "/ocsp" and request.method == "POST":
            return Response(200, self._status(request.body), _OCSP)
        if path == "/crl" and request.method == "GET":
            return Response(200, self._list(), _CRL)
        return Response(404)

    def _status(self, body: bytes) -> bytes:
        if self.manner == "refuse":
            refused = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER)
            return refused.public_bytes(Encoding.DER)
        if self.manner == "replay" and self._first is not None:
            return self._first
        try:
            asked = ocsp.load_der_ocsp_request(body)
        except ValueError:
            refused = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
            return refused.public_bytes(Encoding.DER)
        answer = self._signed(asked)
        self._first = self._first or answer
        return answer

    def _signed(self, asked: ocsp.OCSPRequest) -> bytes:
        now = self.now()
        age = timedelta(days=2) if self.manner == "stale" else timedelta()
        serial = asked.serial_number + (1 if self.manner == "wrong" else 0)
        revoked = serial in self.revoked
        status = ocsp.OCSPCertStatus.GOOD
        if revoked or serial in self.unknown:
            status = ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.UNKNOWN
        builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
            asked.issuer_name_hash, asked.issuer_key_hash, serial, asked.hash_algorithm, status, now - age,
            now - age + self.lasts, now - timedelta(days=1) if revoked else None, None,
        )  # fmt: skip
        signer = self._signer(asked)
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, signer.certificate)
        if signer is not self.authority.root:
            builder = builder.certificates([signer.certificate, *self.brings])
        if self.manner != "no-nonce":
            builder = _with_nonce(builder, asked)
        return builder.sign(signer.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def _signer(self, asked: ocsp.OCSPRequest) -> Issued:
        """The root for what it issued itself, else the responder that the sub-authority named."""
        root = self.authority.root
        if self.manner == "forged":
            return self.authority.forger
        return root if self.authority.sub.certificate.serial_number == asked.serial_number else self.authority.responder

    def _list(self) -> bytes:
        now = self.now()
        age = timedelta(days=2) if self.manner == "stale" else timedelta()
        issuer = self.authority.root if self.manner == "wrong" else self.authority.sub
        builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.certificate.subject)
        builder = builder.last_update(now - age).next_update(now - age + self.lasts)
        for serial in sorted(self.revoked):
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now - timedelta(days=1))
            builder = builder.add_revoked_certificate(entry.build())
        key = ec.generate_private_key(ec.SECP256R1()) if self.manner == "forged" else issuer.key
        return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def _with_nonce(builder: ocsp.OCSPResponseBuilder, asked: ocsp.OCSPRequest) -> ocsp.OCSPResponseBuilder:
    try:
        nonce = asked.extensions.get_extension_for_class(x509.OCSPNonce).value
    except x509.ExtensionNotFound:
        return builder
    return builder.add_extension(nonce, critical=False)
