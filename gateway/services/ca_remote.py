"""An authority outside, over HTTPS: the request goes out as PKCS #10, the chain comes back as PEM or PKCS #7.

What an enrolment server of RFC 7030 (`…/simpleenroll`) takes and gives, and any small service that answers PEM. The
answer is not believed: it has to be for the key that was asked for, whole, in order and valid now.
"""

import base64
import binascii
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import attrs
import httpx
import trio
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import pkcs7

from actors.certificates import chain
from actors.certificates.chain import ChainRefused
from gateway.services.ca import AuthorityAway, AuthorityRefused, Signed, SigningOrder
from gateway.services.ca_own import in_thread

_LIMIT: Final = 65_536  # bytes of an answer
_AT_ONCE: Final = trio.CapacityLimiter(8)
_TOLD: Final = 300  # characters of what the authority says that are shown


@attrs.frozen
class RemoteAuthority:
    """Implements `ca.Authority`. `ca_file`: who vouches for the server, None for those the system trusts.

    `deadline` is for one request, in seconds; the job that asks tries again.
    """

    url: str
    deadline: float
    token: str | None = attrs.field(default=None, repr=False)
    ca_file: Path | None = None

    async def sign(self, order: SigningOrder) -> Signed:
        """Raises AuthorityRefused for an answer of 4xx or an unusable chain, AuthorityAway for none or 5xx."""
        try:
            with trio.fail_after(self.deadline):
                async with _AT_ONCE:
                    status, kind, body = await self._post(order)
        except trio.TooSlowError:
            raise AuthorityAway(f"{self._host} gave no whole answer within {self.deadline:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise AuthorityAway(f"{self._host} cannot be reached: {_cause(error)}"[:_TOLD]) from None
        _check_status(self._host, status, body)
        return Signed(await in_thread(_usable, body, kind, order))

    @property
    def _host(self) -> str:
        return httpx.URL(self.url).host

    async def _post(self, order: SigningOrder) -> tuple[int, str, bytes]:
        context = await in_thread(_context, self.ca_file)
        async with (
            httpx.AsyncClient(verify=context, timeout=None, trust_env=False, follow_redirects=False) as client,  # noqa: S113 - the deadline is around all of it
            client.stream("POST", self.url, content=_request(order), headers=self._headers(order)) as answer,
        ):
            body = bytearray()
            async for piece in answer.aiter_raw():  # not unpacked: a few bytes may become more than there is memory
                body += piece[: _LIMIT + 1 - len(body)]  # what is beyond is let pass by, until the deadline
            if len(body) > _LIMIT:
                raise AuthorityRefused("wrong_answer", f"{self._host} answered more than {_LIMIT} bytes")
            return answer.status_code, answer.headers.get("content-type", ""), bytes(body)

    def _headers(self, order: SigningOrder) -> Mapping[str, str]:
        told = {
            "Content-Type": "application/pkcs10",
            "Content-Transfer-Encoding": "base64",
            "Accept": "application/pem-certificate-chain, application/pkcs7-mime",
            "User-Agent": "voltyard",
            "Voltyard-Use": order.use,
            "Voltyard-Tenant": str(order.tenant_id),
            "Voltyard-Days": str(max(1, order.lasts.days)),
        }
        if order.root is not None:
            told["Voltyard-Root"] = f"{order.root.get('hashAlgorithm')}:{order.root.get('issuerKeyHash')}"
        if self.token is not None:
            told["Authorization"] = f"Bearer {self.token}"
        return told


def _cause(error: BaseException) -> str:
    """What lies beneath: the client wraps what the system said, and says nothing itself."""
    while not str(error) and (below := error.__cause__ or error.__context__) is not None:
        error = below
    return f"{type(error).__name__}: {error}"


def _context(ca_file: Path | None) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=ca_file)


def _request(order: SigningOrder) -> bytes:
    """Base64 of the DER, as RFC 7030 (4.2.1) writes it: PEM without its marks."""
    lines = order.csr.strip().splitlines()
    return "\n".join(lines[1:-1]).encode() + b"\n"


def _check_status(host: str, status: int, body: bytes) -> None:
    if status == 200:
        return
    said = body[:_TOLD].decode("utf-8", "replace").strip() or "nothing more"
    if 400 <= status < 500 and status not in (401, 403, 408, 429):
        raise AuthorityRefused("refused_by_authority", f"{host} refused it with HTTP {status}: {said}")
    raise AuthorityAway(f"{host} answered HTTP {status}: {said}")


def _usable(body: bytes, kind: str, order: SigningOrder) -> str:
    """The chain as stations get it: in order, without its root."""
    try:
        found = _pkcs7(body) if "pkcs7" in kind else chain.read(body.decode("ascii", "replace"))
        return chain.written(chain.ordered(found, order.key_hash, order.now))
    except ChainRefused as error:
        raise AuthorityRefused("wrong_answer", f"the authority's answer cannot be used: {error}") from None


def _pkcs7(body: bytes) -> list[x509.Certificate]:
    try:
        der = base64.b64decode(b"".join(body.split()), validate=True)
    except (binascii.Error, ValueError):
        der = body
    try:
        return pkcs7.load_der_pkcs7_certificates(der)[: chain.MOST]
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ChainRefused(f"it is no PKCS #7 with certificates: {error}") from None
