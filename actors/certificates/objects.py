"""What lies in a station's trust store as it told us, and what we have put there (station_objects).

- `installed_certificate`: one certificate that the station holds. Key: `{use}:{algorithm}:{name}:{key}:{serial}`, the
  hashes as the station wrote them. `data`: `use` (ours, see uses.py), `type` (OCPP's), `hash` (CertificateHashData as
  reported, to the letter), `children` (hash data of the sub-authorities of a V2G chain).
- `root_certificate`: one that a station accepted from us. Key: SHA-256 of its DER. `data`: `use`, `subject`,
  `not_before`, `not_after`, `certificate` (PEM), `hashes` (name, key and serial by algorithm, to find it among the
  installed ones). Whether it is still there, only the former says.
"""

from collections.abc import Mapping
from typing import Any, Final

INSTALLED: Final = "installed_certificate"
ROOT: Final = "root_certificate"
_FIELDS: Final = ("hashAlgorithm", "issuerNameHash", "issuerKeyHash", "serialNumber")


def key_of(use: str, told: Mapping[str, Any]) -> str:
    """The key of an installed certificate."""
    return ":".join([use, *(str(told[name]) for name in _FIELDS)])


def hash_of(key: str) -> dict[str, str] | None:
    """The hash data that a key was made of; None for a text that is no such key."""
    parts = key.split(":")
    return dict(zip(_FIELDS, parts[1:], strict=True)) if len(parts) == 5 and all(parts) else None


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two hash data mean one certificate: hexadecimal has no case, and some write leading zeros."""
    return _folded(one) == _folded(other)


def _folded(told: Mapping[str, Any]) -> list[str]:
    *hashes, serial = (str(told.get(name, "")).casefold() for name in _FIELDS)
    return [*hashes, serial.lstrip("0")]
