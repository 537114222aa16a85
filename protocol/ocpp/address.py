"""The request target of a handshake → which tenant and which station it names (`charger-quirks` 5).

The raw path is split first and each part decoded afterwards, so that an encoded slash stays inside an identity.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote_to_bytes

import attrs

IDENTITY_LIMIT: Final = 255
IDENTITY_LIMIT_V2: Final = 48
"""OCPP 2.0.1 and 2.1 Part 4, 3.1.1; 1.6 names no limit."""

_ENDPOINT: Final = b"ocpp"
_ABSOLUTE: Final = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")


@attrs.frozen
class Address:
    """What a path names; `tenant` is None for the default one."""

    tenant: str | None
    identity: str


@attrs.frozen
class BadAddress:
    """Why a path names no station; `reason` is a stable code."""

    status: int
    reason: str
    detail: str


def read(raw_path: bytes, tenants: Callable[[str], bool]) -> Address | BadAddress:
    """The station that a request target names.

    `/ocpp/{tenant}/{identity}` with a known tenant's slug selects that tenant. Everything else, be it longer or under
    another prefix, is the default tenant and the last segment that is not empty.
    """
    path = re.split(rb"[?#]", _ABSOLUTE.sub(b"", raw_path, count=1), maxsplit=1)[0]
    segments = [segment for segment in path.split(b"/") if segment]
    under = bool(segments) and segments[0].lower() == _ENDPOINT
    named = segments[1:] if under else segments
    if not named:
        return BadAddress(404, "identity_missing", "the path ends where the identity should be: /ocpp/{identity}")
    identity = _decoded(named[-1])
    if isinstance(identity, BadAddress):
        return identity
    tenant = _decoded(named[0]) if under and len(named) == 2 else None
    return Address(tenant if isinstance(tenant, str) and tenants(tenant) else None, identity)


def _decoded(segment: bytes) -> str | BadAddress:
    try:
        text = unquote_to_bytes(segment).decode().strip(" ")
    except UnicodeDecodeError:
        return BadAddress(404, "identity_not_utf8", "the identity is not valid UTF-8 after percent-decoding")
    if not text:
        return BadAddress(404, "identity_missing", "the identity in the path is blank")
    if len(text) > IDENTITY_LIMIT:
        why = f"the identity has {len(text)} characters, at most {IDENTITY_LIMIT} are allowed"
        return BadAddress(404, "identity_too_long", why)
    if any(unicodedata.category(each) in ("Cc", "Cf", "Zl", "Zp") for each in text):
        return BadAddress(404, "identity_not_printable", "the identity holds a control character")
    return text
