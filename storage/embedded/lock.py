"""One process owns a data directory: an flock that the kernel drops with its owner, so it never goes stale."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from storage.errors import DataDirInUse, EmbeddedFault


class DirectoryLock:
    """Holds `lock` in a data directory from `take` to `release`; the file names the owner's pid for whoever asks."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "lock"
        self._file: int | None = None

    def take(self) -> None:
        """Take it at once or raise DataDirInUse. Never waits: an owner may live for months."""
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            owner = self.owner()
            who = f"process {owner}" if owner else "another process"
            raise DataDirInUse(
                f"{self.path.parent} is in use by {who}: stop it first, or choose another VOLTYARD_DATA_DIR", owner
            ) from None
        except OSError as error:
            os.close(file)
            raise EmbeddedFault(f"cannot lock {self.path}: {error}. The data directory must allow flock") from error
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        self._file = file

    def release(self) -> None:
        """Let go. The file stays: removing it would let two owners hold two files of one name."""
        if self._file is not None:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = None

    def owner(self) -> int | None:
        """The pid written in the file, if any."""
        try:
            return int(self.path.read_text().strip())
        except (OSError, ValueError):
            return None
