"""`Authorization: Basic` as stations really write it (`charger-quirks` 6)."""

import base64
import binascii
import re
from typing import Final

import attrs

LONGEST: Final = 2_048
"""Bytes of an Authorization header that are looked at: identity and password are far shorter."""

LENGTHS: Final = {False: (16, 40), True: (16, 64)}
"""Characters of a password, by whether it is for 2.x: A00.FR.205 and A00.FR.304 with their errata (the station may take
40 only, and says so), and AuthorizationKey of 1.6 (security whitepaper, 7.2: up to 40 hex digits)."""

_HEX: Final = re.compile(rb"(?:[0-9a-fA-F]{2}){8,64}")


@attrs.frozen
class Credentials:
    """A name and what the password may be meant as, likeliest first; any of them may match what is kept.

    1.6 keys are set as hex digits and meant to be sent as the bytes they stand for (security whitepaper, 2.5.3); many
    stations send the digits. Which of both is kept depends on the operator, so both directions are tried.
    """

    username: str
    passwords: tuple[bytes, ...] = attrs.field(repr=False)


def fault(password: str, *, v2: bool) -> str | None:
    """Why a station of that version need not take such a password; None when it must.

    Which characters it may have is left to the station: the errata of 2.0.1 say that none should be barred.
    """
    least, most = LENGTHS[v2]
    if not least <= len(password) <= most:
        versions = "OCPP 2.x" if v2 else "OCPP 1.6"
        return f"a password for {versions} has {least} to {most} characters, this one {len(password)}"
    return None if password.isprintable() else "a password has printable characters only"


def read(header: bytes, identity: str) -> Credentials | None:
    """The credentials of an Authorization header; None when it holds no readable Basic credentials."""
    scheme, _, encoded = header.strip().partition(b" ")
    if scheme.lower() != b"basic" or len(header) > LONGEST:
        return None
    compact = bytes(encoded).translate(bytes.maketrans(b"-_", b"+/"), b" \t=")
    try:
        pair = base64.b64decode(compact + b"=" * (-len(compact) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    own = identity.encode() + b":"
    if pair.startswith(own):  # an identity may hold the colon that separates both, though 2.x forbids it
        name, password = identity.encode(), pair[len(own) :]
    else:
        name, colon, password = pair.partition(b":")
        if not colon:
            return None
    return Credentials(_text(name), _readings(password))


def _text(name: bytes) -> str:
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name.decode("latin-1")


def _readings(password: bytes) -> tuple[bytes, ...]:
    readings = [password]
    if _HEX.fullmatch(password):
        readings += [bytes.fromhex(password.decode()), password.upper(), password.lower()]
    elif not password.isascii() or not password.decode().isprintable():
        readings += [password.hex().encode(), password.hex().upper().encode()]
    return tuple(dict.fromkeys(readings))
