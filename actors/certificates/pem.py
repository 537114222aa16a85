"""PEM as stations and operators write it, into PEM as everybody reads it (RFC 7468). Pure text.

Seen: line breaks of other systems, written as `\\n`, or missing; blanks around lines; a text before the first mark;
`NEW CERTIFICATE REQUEST` (quirk 34).
"""

import base64
import binascii
import re
from typing import Final

CERTIFICATE: Final = "CERTIFICATE"
REQUEST: Final = "CERTIFICATE REQUEST"
MOST_CHARACTERS: Final = 65_536  # far above every field of OCPP; what is longer is nobody's certificate
MOST_BLOCKS: Final = 16
_SEQUENCE: Final = 0x30  # what the DER of both begins with
_WIDTH: Final = 64
_BLOCK: Final = re.compile(r"-----BEGIN ([A-Z0-9 ]{1,40})-----(.*?)-----END \1-----", re.DOTALL)
_BLANKS: Final = re.compile(r"\s+")


class NotPem(ValueError):  # noqa: N818 - says what is the case
    """The text holds no such block, or a damaged one; the message says which."""


def blocks(text: str, label: str) -> list[str]:
    """Every block of that label, written anew: lines of 64 characters, one `\\n` after each. Raises NotPem."""
    if len(text) > MOST_CHARACTERS:
        raise NotPem(f"it has {len(text)} characters; allowed are {MOST_CHARACTERS}")
    plain = text.replace("\\r", "").replace("\\n", "\n")
    if plain.count("-----BEGIN ") > MOST_BLOCKS:  # each of them would be sought an end for
        raise NotPem(f"it holds more than {MOST_BLOCKS} blocks")
    found = [(_label(name), body) for name, body in _BLOCK.findall(plain)]
    if not found:
        raise NotPem(f"it is not PEM: no -----BEGIN {label}----- … -----END {label}-----")
    other = sorted({name for name, _ in found if name != label})
    if other:
        raise NotPem(f"it holds {', '.join(other)} where {label} is wanted")
    return [_written(label, body) for _, body in found]


def single(text: str, label: str) -> str:
    """The only block. Raises NotPem."""
    found = blocks(text, label)
    if len(found) != 1:
        raise NotPem(f"it holds {len(found)} blocks where one is wanted")
    return found[0]


def _label(name: str) -> str:
    return name.removeprefix("NEW ") if name.endswith("REQUEST") else name


def _written(label: str, body: str) -> str:
    packed = _BLANKS.sub("", body)
    try:
        raw = base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        raise NotPem("between its marks stands no base64") from None
    if len(raw) < 2 or raw[0] != _SEQUENCE:
        raise NotPem("its content is not ASN.1 (DER)")
    clean = base64.b64encode(raw).decode()
    lines = [clean[at : at + _WIDTH] for at in range(0, len(clean), _WIDTH)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])
