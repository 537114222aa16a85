"""The folder of firmware images and uploaded logs. Blocking: call from a thread (gateway and web have a limiter).

A file's place is made of ids alone, `{tenant}/{firmware or logs}/{id}`; no name that anybody sent decides a path.
Names are kept in the database. What comes grows as `{id}.part`; when it is whole and checked, it gets its own name.
"""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal
from uuid import UUID

import attrs

from storage.files_room import FULL, NoRoom, Room

Shelf = Literal["firmware", "logs"]
CHUNK: Final = 256 * 1024
PART: Final = ".part"


class NotThere(Exception):  # noqa: N818 - an answer
    """No such file."""


@attrs.frozen
class Digests:
    """What a file's content is known by, in lower-case hexadecimal."""

    size: int
    sha256: str
    md5: str


@attrs.frozen
class Lying:
    """A file in the folder. `partial`: it has not come whole."""

    tenant: UUID
    shelf: Shelf
    id: UUID
    partial: bool


@attrs.frozen
class FileStore:
    """`root` is made when first needed, mode 0700. `reserve`: bytes that stay free on its disk; `quota`: a tenant's."""

    root: Path
    reserve: int = 64 * 2**20
    quota: int | None = None
    room: Room = attrs.field(
        init=False, default=attrs.Factory(lambda self: Room(self.root, self.reserve, self.quota), takes_self=True)
    )

    def path(self, tenant: UUID, shelf: Shelf, file: UUID) -> Path:
        """Where a whole file lies. UUIDs hold nothing but hexadecimal digits and dashes, so there is no way out."""
        return self.root / str(UUID(str(tenant))) / shelf / str(UUID(str(file)))

    def partial(self, tenant: UUID, shelf: Shelf, file: UUID) -> Path:
        """Where it lies while it comes."""
        path = self.path(tenant, shelf, file)
        return path.with_name(path.name + PART)

    def size(self, tenant: UUID, shelf: Shelf, file: UUID) -> int:
        """Bytes of a whole file; 0 without one."""
        return _size(self.path(tenant, shelf, file))

    def here(self, tenant: UUID, shelf: Shelf, file: UUID) -> int:
        """Bytes that have come of one that is not whole; 0 when none have."""
        return _size(self.partial(tenant, shelf, file))

    def admit(self, tenant: UUID, shelf: Shelf, more: int) -> None:
        """So many bytes may come onto a shelf. Raises NoRoom."""
        self.room.check(tenant, self.root / str(UUID(str(tenant))) / shelf, more)

    def write(self, tenant: UUID, shelf: Shelf, file: UUID, offset: int, data: bytes) -> int:
        """Puts `data` at `offset` of what comes, cuts what lay behind it, and returns the size then.

        Raises NoRoom, and NotThere when less than `offset` bytes are here: another node may have swept them.
        """
        path = self.partial(tenant, shelf, file)
        try:
            self.room.check(tenant, path.parent, len(data))
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            with open(descriptor, "r+b") as opened:
                before = os.fstat(descriptor).st_size
                if before < offset:
                    raise NotThere(f"{before} bytes are here; go on from there")
                opened.seek(offset)
                opened.write(data)
                opened.truncate()
        except OSError as error:
            if error.errno in FULL:
                raise NoRoom("the disk of the file server is full") from error
            raise
        self.room.grew(tenant, offset + len(data) - before)
        return offset + len(data)

    def read(self, tenant: UUID, shelf: Shelf, file: UUID, offset: int, most: int) -> bytes:
        """At most `most` bytes of a whole file from `offset`; empty at the end. Raises NotThere."""
        try:
            with open(self.path(tenant, shelf, file), "rb") as opened:
                opened.seek(offset)
                return opened.read(most)
        except FileNotFoundError:
            raise NotThere(f"the file {file} is not on this server") from None

    def digests(self, tenant: UUID, shelf: Shelf, file: UUID) -> Digests:
        """Of all that has come, after it is safe on disk. Takes seconds for a large one. Raises NotThere."""
        sha256, md5, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
        try:
            with open(self.partial(tenant, shelf, file), "r+b") as opened:
                os.fsync(opened.fileno())
                for chunk in iter(lambda: opened.read(CHUNK), b""):
                    sha256.update(chunk)
                    md5.update(chunk)
                    size += len(chunk)
        except FileNotFoundError:
            raise NotThere(f"nothing of the file {file} is on this server") from None
        return Digests(size, sha256.hexdigest(), md5.hexdigest())

    def finish(self, tenant: UUID, shelf: Shelf, file: UUID) -> None:
        """What has come is the file from now on. Raises NotThere."""
        path = self.path(tenant, shelf, file)
        before = _size(path)
        try:
            os.replace(self.partial(tenant, shelf, file), path)
        except FileNotFoundError:
            raise NotThere(f"nothing of the file {file} is on this server") from None
        self.room.grew(tenant, -before)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)  # the name is safe too
        finally:
            os.close(folder)

    def discard(self, tenant: UUID, shelf: Shelf, file: UUID) -> None:
        """What has come of a file that is not whole is gone afterwards."""
        self._unlink(tenant, self.partial(tenant, shelf, file))

    def remove(self, tenant: UUID, shelf: Shelf, file: UUID) -> None:
        """It is gone afterwards, whole or not, also when it was before."""
        self._unlink(tenant, self.path(tenant, shelf, file))
        self.discard(tenant, shelf, file)

    def _unlink(self, tenant: UUID, path: Path) -> None:
        size = _size(path)
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
            self.room.grew(tenant, -size)

    def older(self, shelf: Shelf, before: float) -> Iterator[Lying]:
        """What was last written before `before` (Unix time), whole or not. Names not ours are passed over."""
        for path in self.root.glob(f"*/{shelf}/*"):
            with contextlib.suppress(ValueError, FileNotFoundError):
                tenant, file = UUID(path.parent.parent.name), UUID(path.name.removesuffix(PART))
                if path.stat().st_mtime < before:
                    yield Lying(tenant, shelf, file, path.name.endswith(PART))

    def take_away(self, found: Lying, before: float) -> bool:
        """It is gone afterwards. False when it was written to since `older` found it: then it stays."""
        place = (found.tenant, found.shelf, found.id)
        path = self.partial(*place) if found.partial else self.path(*place)
        try:
            if path.stat().st_mtime >= before:
                return False
        except FileNotFoundError:
            return False
        (self.discard if found.partial else self.remove)(*place)
        return True

    def tenants(self) -> list[UUID]:
        """Whose folders there are."""
        found = []
        for path in self.root.glob("*"):
            with contextlib.suppress(ValueError):
                found.append(UUID(path.name))
        return found


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def shown_name(given: str | None) -> str | None:
    """A name somebody gave a file, for people to read: the last part of it, without control characters; or None."""
    if given is None:
        return None
    last = given.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(each for each in last if each.isprintable() and each not in '"<>|*?:').strip(" .")
    return plain[:120] or None
