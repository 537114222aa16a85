"""The file that seals the private keys of our own authorities. They lie in the database, of no use without it.

AES-256-GCM; what a sealed key belongs to is sealed in with it, so that it cannot be moved to another row.
"""

import hashlib
import secrets
from pathlib import Path
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from storage.passwords import read_pepper

FILE: Final = "authority-seal"
_NONCE: Final = 12


class NotOurs(Exception):  # noqa: N818 - says what is the case
    """A sealed key cannot be opened; the message says what to do."""


class KeySeal:
    """Use `KeySeal.open`. Nothing of it may be logged."""

    def __init__(self, key: bytes, where: Path) -> None:
        self._aead = AESGCM(key)
        self._where = where
        self.id = hashlib.sha256(b"voltyard authority seal" + key).hexdigest()[:16]

    @classmethod
    def open(cls, data_dir: Path) -> "KeySeal":
        """With the file of this data directory, made (mode 0600) when there is none. Blocking, a few file operations.

        Raises StoreError when it cannot be trusted. Several nodes on one database need the same file.
        """
        where = data_dir / "secrets" / FILE
        return cls(read_pepper(where), where)

    def seal(self, key: ec.EllipticCurvePrivateKey, owner: UUID, name: str) -> bytes:
        """The key as it is kept. `owner` and `name` say whose and which."""
        plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._aead.encrypt(nonce, plain, _bound(owner, name))

    def unseal(self, kept: bytes, owner: UUID, name: str) -> ec.EllipticCurvePrivateKey:
        """The key itself. Raises NotOurs."""
        try:
            plain = self._aead.decrypt(kept[:_NONCE], kept[_NONCE:], _bound(owner, name))
        except (InvalidTag, ValueError):
            raise NotOurs(
                f"the {name} of the authority cannot be opened with {self._where}: restore that file from a backup, "
                f"or make a new authority (POST /certificates/authority)"
            ) from None
        key = load_der_private_key(plain, None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise NotOurs(f"the {name} of the authority is of an unknown kind")
        return key


def _bound(owner: UUID, name: str) -> bytes:
    return owner.bytes + name.encode()
