"""One-time codes in the addresses that stations show, version 1 (OCPP 2.1 Part 2, C25, "TOTP algorithm"). Pure.

The alphabet is the specification's and leaves out the small o. No other one-time password is made so: no library has
it; the hash is `hmac`'s.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final

VERSION: Final = "v1"
_ALPHABET: Final = "0123456789abcdefghijklmnpqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def code(secret: str, interval: int, length: int) -> str:
    """The code of the so-and-so-many-th interval since 1970."""
    digest = hmac.new(secret.encode(), interval.to_bytes(8, "big"), hashlib.sha256).digest()
    offset = digest[-1] & 0x0F
    return "".join(_ALPHABET[digest[(offset + n) % len(digest)] % len(_ALPHABET)] for n in range(length))


def valid(told: str, secret: str, now: datetime, validity_s: int, length: int) -> bool:
    """Whether it is the code of now, or of the interval before or after it (C25.FR.07, "Validation of TOTP")."""
    current = int(now.timestamp()) // validity_s
    given = told.encode()
    right = [hmac.compare_digest(given, code(secret, current + step, length).encode()) for step in (0, -1, 1)]
    return any(right)  # each is looked at, so that the time it takes tells nothing


def next_change(now: datetime, validity_s: int) -> datetime:
    """Until when the code of now is the current one."""
    return now + timedelta(seconds=validity_s - now.timestamp() % validity_s)
