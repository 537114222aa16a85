"""The folder of firmware images and uploaded logs. Blocking: call from a thread (gateway and web have a limiter).

A file's place is made of ids alone, `{tenant}/{firmware or logs}/{id}`; no name that anybody sent decides a path.
Names are kept in the database. Files appear under their name at once and grow; what is whole, the database says.
"""

import contextlib
import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal
from uuid import UUID

import attrs

Shelf = Literal["firmware", "logs"]
CHUNK: Final = 256 * 1024


class NoRoom(Exception):  # noqa: N818 - an answer to whoever brings a file
    """The disk is full, or would have less left than is kept in reserve."""


class NotThere(Exception):  # noqa: N818 - an answer
    """No such file."""


@attrs.frozen
class Digests:
    """What a file's content is known by, in lower-case hexadecimal."""

    size: int
    sha256: str
    md5: str


@attrs.frozen
class FileStore:
    """`root` is made when first needed, mode 0700. `reserve`: bytes that stay free on the disk."""

    root: Path
    reserve: int = 64 * 2**20

    def path(self, tenant: UUID, shelf: Shelf, file: UUID) -> Path:
        """Where a file lies. UUIDs hold nothing but hexadecimal digits and dashes, so there is no way out."""
        return self.root / str(UUID(str(tenant))) / shelf / str(UUID(str(file)))

    def size(self, tenant: UUID, shelf: Shelf, file: UUID) -> int:
        """Bytes there so far; 0 without a file."""
        try:
            return self.path(tenant, shelf, file).stat().st_size
        except FileNotFoundError:
            return 0

    def write(self, tenant: UUID, shelf: Shelf, file: UUID, offset: int, data: bytes) -> int:
        """Puts `data` at `offset`, cuts what lay behind it, and returns the size then. Raises NoRoom."""
        path = self.path(tenant, shelf, file)
        try:
            self._prepare(path.parent, len(data))
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            with open(descriptor, "r+b") as opened:
                opened.seek(offset)
                opened.write(data)
                opened.truncate()
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise NoRoom("the disk of the file server is full") from error
            raise
        return offset + len(data)

    def has_room(self, folder: Path, more: int = 0) -> bool:
        """True when so many bytes more leave the reserve free. Makes the folder."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return shutil.disk_usage(folder).free - more >= self.reserve

    def _prepare(self, folder: Path, more: int) -> None:
        if not self.has_room(folder, more):
            raise NoRoom("the disk of the file server has no room left")

    def read(self, tenant: UUID, shelf: Shelf, file: UUID, offset: int, most: int) -> bytes:
        """At most `most` bytes from `offset`; empty at the end. Raises NotThere."""
        try:
            with open(self.path(tenant, shelf, file), "rb") as opened:
                opened.seek(offset)
                return opened.read(most)
        except FileNotFoundError:
            raise NotThere(f"the file {file} is not on this server") from None

    def digests(self, tenant: UUID, shelf: Shelf, file: UUID) -> Digests:
        """Of the whole file, after it is safe on disk. Raises NotThere."""
        sha256, md5, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
        try:
            with open(self.path(tenant, shelf, file), "r+b") as opened:
                os.fsync(opened.fileno())
                for chunk in iter(lambda: opened.read(CHUNK), b""):
                    sha256.update(chunk)
                    md5.update(chunk)
                    size += len(chunk)
        except FileNotFoundError:
            raise NotThere(f"the file {file} is not on this server") from None
        return Digests(size, sha256.hexdigest(), md5.hexdigest())

    def remove(self, tenant: UUID, shelf: Shelf, file: UUID) -> None:
        """It is gone afterwards, also when it was before."""
        with contextlib.suppress(FileNotFoundError):
            self.path(tenant, shelf, file).unlink()

    def all(self, shelf: Shelf) -> Iterator[tuple[UUID, UUID, Path]]:
        """(tenant, id, path) of every file on a shelf; names that are none of ours are passed over."""
        for path in self.root.glob(f"*/{shelf}/*"):
            with contextlib.suppress(ValueError):
                yield UUID(path.parent.parent.name), UUID(path.name), path


def shown_name(given: str | None) -> str | None:
    """A name somebody gave a file, for people to read: the last part of it, without control characters; or None."""
    if given is None:
        return None
    last = given.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(each for each in last if each.isprintable() and each not in '"<>|*?:').strip(" .")
    return plain[:120] or None
