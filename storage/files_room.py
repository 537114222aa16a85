"""How much the folder of files may hold: what stays free on its disk, and what one tenant may fill. Blocking."""

import errno
import os
import shutil
import threading
from pathlib import Path
from typing import Final
from uuid import UUID

import attrs

FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class NoRoom(Exception):  # noqa: N818 - an answer to whoever brings a file
    """The disk is full, or would have less left than is kept in reserve. `code`: of the problem it is told as."""

    code = "no_room"


class OverQuota(NoRoom):
    """The tenant's files would fill more than they may."""

    code = "over_quota"


@attrs.define
class Room:
    """Bytes by tenant are counted on the disk once, and again by the sweep; between, each change adds to them.

    Called from several threads. Nodes that share the folder learn of each other's files at the next count.
    """

    root: Path
    reserve: int
    quota: int | None
    _held: dict[UUID, int] = attrs.field(factory=dict, init=False)
    _lock: threading.Lock = attrs.field(factory=threading.Lock, init=False)

    def check(self, tenant: UUID, folder: Path, more: int = 0) -> None:
        """`more` bytes may come into `folder`, which is made. Raises NoRoom, OverQuota."""
        if not self.free(folder, more):
            raise NoRoom("the disk of the file server has no room left")
        if self.quota is not None and self.held(tenant) + more > self.quota:
            raise OverQuota(f"all files of this tenant may fill {self.quota} bytes: delete logs or images first")

    def free(self, folder: Path, more: int = 0) -> bool:
        """True when so many bytes more leave the reserve free. Makes the folder."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return shutil.disk_usage(folder).free - more >= self.reserve

    def held(self, tenant: UUID) -> int:
        """Bytes of a tenant's files, whole or not."""
        with self._lock:
            known = self._held.get(tenant)
        return self.count(tenant) if known is None else known

    def count(self, tenant: UUID) -> int:
        """Looks at the disk, and goes on from what is there."""
        found = sum(_bytes_in(self.root / str(tenant) / shelf) for shelf in ("firmware", "logs"))
        with self._lock:
            self._held[tenant] = found
        return found

    def grew(self, tenant: UUID, by: int) -> None:
        """So many bytes came, or went."""
        with self._lock:
            if tenant in self._held:
                self._held[tenant] = max(0, self._held[tenant] + by)


def _bytes_in(folder: Path) -> int:
    total = 0
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                try:
                    total += entry.stat(follow_symlinks=False).st_size
                except FileNotFoundError:
                    continue  # it went meanwhile
    except FileNotFoundError:
        return 0
    return total
