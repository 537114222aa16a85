"""`Authorization: Basic` as stations really write it (`charger-quirks` 6)."""

import base64
import binascii
import re
from typing import Final

import attrs

LONGEST: Final = 2_048
"""Bytes of an Authorization header that are looked at: identity and password are far shorter."""

LENGTHS: Final = (16, 64)
"""Characters of a password for 2.x: A00.FR.205 and A00.FR.304 with their errata (the station may take 40 only, and says
so)."""
KEY_BYTES: Final = (16, 20)
"""Of an AuthorizationKey of 1.6, set as twice as many hexadecimal digits (security whitepaper, A00.FR.205, 7.2)."""
KEY_TEXT: Final = (16, 40)
"""Characters of one that a station takes as plain text: the field has no more (`charger-quirks` 6)."""

_HEX: Final = re.compile(rb"(?:[0-9a-fA-F]{2}){8,64}")
_KEY: Final = re.compile(r"(?:[0-9a-fA-F]{2}){16,20}")
_KEY_LENGTHS: Final = range(KEY_BYTES[0], KEY_BYTES[1] + 1)


@attrs.frozen
class Credentials:
    """A name and what the password may be meant as, likeliest first; any of them may match what is kept.

    1.6 keys are set as hex digits and meant to be sent as the bytes they stand for (security whitepaper, 2.5.3); many
    stations send the digits. Which of both is kept depends on the operator, so both directions are tried.
    """

    username: str
    passwords: tuple[bytes, ...] = attrs.field(repr=False)


def fault(password: str, *, v2: bool, text: bool = False) -> str | None:
    """Why a station of that version need not take such a password; None when it must.

    `text`: a 1.6 station that takes its key as plain text. Which characters a password may have is left to the station:
    the errata of 2.0.1 say that none should be barred.
    """
    if not password.isprintable():
        return "a password has printable characters only"
    if v2 or text:
        least, most = LENGTHS if v2 else KEY_TEXT
        told = f"a password for {'OCPP 2.x' if v2 else 'this station'} has {least} to {most} characters"
        return None if least <= len(password) <= most else f"{told}, this one {len(password)}"
    least, most = KEY_BYTES
    bytes_ = len(password.encode())
    if is_key(password) or least <= bytes_ <= most:
        return None
    told = f"a password for OCPP 1.6 has {least} to {most} bytes, or is {2 * least} to {2 * most} hexadecimal digits"
    return f"{told}; this one has {bytes_} bytes"


def is_key(password: str) -> bool:
    """Whether it is written as the hexadecimal digits that a 1.6 AuthorizationKey is set with."""
    return _KEY.fullmatch(password) is not None


def as_key(password: str) -> str:
    """A password as a 1.6 AuthorizationKey is set: digits as they are, other text as those of its bytes."""
    return password if is_key(password) else password.encode().hex()


def kept_form(password: str) -> str:
    """The one writing of a password that is kept: whichever of `_readings` a station sends, it can be found by it."""
    return password.lower() if is_key(password) else password


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
    elif len(password) in _KEY_LENGTHS or not password.isascii() or not password.decode().isprintable():
        readings += [password.hex().encode(), password.hex().upper().encode()]
    return tuple(dict.fromkeys(readings))
