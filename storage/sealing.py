"""Secrets that we must be able to read again (passwords for other systems), sealed with a file outside the database.

AES-256-GCM; what a secret belongs to is sealed in with it, so that it cannot be moved to another row.
"""

import secrets
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.passwords import read_pepper

_NONCE = 12


class CannotOpen(Exception):  # noqa: N818 - says what is the case
    """A sealed secret cannot be read: the file it was sealed with is another one."""


class Seal:
    """Use `Seal.open`. Nothing of it may be logged."""

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    @classmethod
    def open(cls, data_dir: Path) -> "Seal":
        """With secrets/secrets-seal of this data directory, made (mode 0600) when there is none. Blocking.

        Raises StoreError when it cannot be trusted. Several nodes on one database need the same file.
        """
        return cls(read_pepper(data_dir / "secrets" / "secrets-seal"))

    def close(self, secret: str, owner: UUID) -> bytes:
        """The secret as it is kept in the row of that id."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._aead.encrypt(nonce, secret.encode(), owner.bytes)

    def read(self, kept: bytes, owner: UUID) -> str:
        """The secret itself. Raises CannotOpen."""
        try:
            return self._aead.decrypt(kept[:_NONCE], kept[_NONCE:], owner.bytes).decode()
        except (InvalidTag, ValueError):
            raise CannotOpen("sealed with another secrets/secrets-seal: set the secret anew") from None
