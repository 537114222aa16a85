"""What an Authorize by contract is answered: certificates and token together. Pure.

OCPP 2.0.1 Part 2, C07.FR.04 and FR.13 to FR.17. Signatures that do not hold are "cannot be verified": CertChainError.
"""

from typing import Final

from actors.contract.objects import CertificateVerdict, ContractFinding
from protocol.ocpp.neutral import AuthorizeReply, TokenVerdict

# C07.FR.15: expired; FR.16: revoked; FR.17: whatever cannot be verified.
_REFUSED: Final[dict[CertificateVerdict, tuple[str, str]]] = {
    "expired": ("CertificateExpired", "expired"),
    "revoked": ("CertificateRevoked", "invalid"),
    "invalid": ("CertChainError", "invalid"),
    "missing": ("NoCertificateAvailable", "invalid"),
}
# C07.FR.13: with these the contract is over; any other status (FR.14) leaves the certificates accepted.
_CANCELLED: Final = frozenset(("blocked", "expired", "invalid", "unknown"))
UNCHECKED: Final = ContractFinding("invalid", "the certificates could not be checked in time")


def reply(token: TokenVerdict, finding: ContractFinding) -> AuthorizeReply:
    """The answer. A token is never said to be accepted when its certificates are not."""
    refused = _REFUSED.get(finding.verdict)
    if refused is not None:
        status, word = refused
        return AuthorizeReply(TokenVerdict(word), status)
    return AuthorizeReply(token, "ContractCancelled" if token.status in _CANCELLED else "Accepted")
