"""What we say of an id token, from what is kept of it."""

from datetime import datetime

from actors.ports import TokenFact
from protocol.ocpp.neutral import IdToken, TokenVerdict

# Unknown tokens of these types are vouched for by the station or by the remote start (OCPP 2.0.1 Part 2, C02, C06).
UNASKED_TYPES = frozenset(("NoAuthorization", "Central"))


def judge(presented: IdToken, kept: TokenFact | None, now: datetime, *, strict: bool) -> TokenVerdict:
    """accepted, blocked, expired, invalid or unknown.

    A 1.6 idTag has no type and matches any; a 2.x type must match only when the station is strict.
    """
    if kept is None:
        return TokenVerdict("accepted" if presented.type in UNASKED_TYPES else "unknown")
    if strict and presented.type is not None and presented.type.casefold() != kept.type.casefold():
        return TokenVerdict("unknown")
    expired = kept.expires_at is not None and kept.expires_at <= now
    status = "expired" if expired and kept.status == "accepted" else kept.status
    group = IdToken(kept.group_uid, kept.type) if kept.group_uid else None
    return TokenVerdict(status, kept.expires_at, group)
