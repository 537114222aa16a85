"""Who signs certificates for stations: the port, and the choice between our own authority and one outside.

A02.FR.04 (OCPP 2.0.1 and 2.1 Part 2): the platform hands requests to an authority and does not decide on its own what
is trusted. Both sit behind `Authority`.
"""

from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import attrs


class AuthorityRefused(Exception):  # noqa: N818 - an answer
    """It will not sign this; asking again would not help. `code` is stable."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class AuthorityAway(Exception):  # noqa: N818 - a state
    """It gave no usable answer now; asking again may help."""


@attrs.frozen
class SigningOrder:
    """What is to be signed. `csr`: PEM, checked. `root`: CertificateHashData of the root wanted (2.1), or None."""

    tenant_id: UUID
    station: str
    csr: str
    key_hash: str
    use: str
    lasts: timedelta
    now: datetime
    root: dict[str, str] | None = None


@attrs.frozen
class Signed:
    """`chain`: PEM, the certificate first, then its issuers, without a root. `authority_id` None: one outside."""

    chain: str
    authority_id: UUID | None = None


class Authority(Protocol):
    """Signs certificates."""

    async def sign(self, order: SigningOrder) -> Signed:
        """Raises AuthorityRefused or AuthorityAway."""
