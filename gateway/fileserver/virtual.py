"""The file system an FTP client sees: folders of any name, and in each of them one file."""

import errno
import os
from typing import Any

from pyftpdlib.exceptions import FilesystemError  # type: ignore[import-untyped]
from pyftpdlib.filesystems import AbstractedFS  # type: ignore[import-untyped]

from storage.files import FileStore


class OneFile(AbstractedFS):  # type: ignore[misc] # pyftpdlib has no types
    """Paths are never looked up: all of them are the file of `cmd_channel.admitted`."""

    def ftp2fs(self, ftppath: str) -> str:
        return str(self.ftpnorm(ftppath))

    def fs2ftp(self, fspath: str) -> str:
        return fspath

    def validpath(self, path: str) -> bool:
        return True

    def realpath(self, path: str) -> str:
        return path

    def chdir(self, path: str) -> None:
        self.cwd = self.fs2ftp(path)

    def mkdir(self, path: str) -> None:
        """It is there already."""

    def isdir(self, path: str) -> bool:
        return True

    def isfile(self, path: str) -> bool:
        return bool(self._file.exists())

    def islink(self, path: str) -> bool:
        return False

    def lexists(self, path: str) -> bool:
        return self.isfile(path)

    def listdir(self, path: str) -> list[str]:
        return [self.cmd_channel.admitted.name] if self._file.exists() else []

    def getsize(self, path: str) -> int:
        return int(self._file.stat().st_size)

    def getmtime(self, path: str) -> float:
        return float(self._file.stat().st_mtime)

    def stat(self, path: str) -> os.stat_result:
        found: os.stat_result = self._file.stat()
        return found

    lstat = stat

    def open(self, filename: str, mode: str) -> Any:
        """For reading, or from the start, the end, or anywhere for writing."""
        if "r" in mode and "+" not in mode:
            return open(self._file, mode)
        store: FileStore = self.cmd_channel.gate.desk.files.store
        if not store.has_room(self._file.parent):
            raise FilesystemError("The disk of the file server is full")
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
        if "w" in mode:
            flags |= os.O_TRUNC
        elif "a" in mode:
            flags |= os.O_APPEND
        opened = open(os.open(self._file, flags, 0o600), "ab" if "a" in mode else "r+b")  # noqa: SIM115 - given away
        return _Named(opened, filename, self.cmd_channel.admitted.address.most_bytes)

    def _refuse(self, *arguments: Any, **options: Any) -> Any:
        """Nothing but the file of the address is ever touched."""
        raise FilesystemError("This is not done here")

    chmod = utime = rename = remove = rmdir = mkstemp = readlink = _refuse

    @property
    def _file(self) -> Any:
        return self.cmd_channel.admitted.path


class _Named:
    """An open file under the name that the client gave it; it takes no more than the address allows."""

    def __init__(self, opened: Any, name: str, most: int | None) -> None:
        self._opened = opened
        self._most = most
        self.name = name

    def write(self, data: bytes) -> int:
        """Raises OSError EFBIG, as a file system does, and then holds nothing."""
        written: int = self._opened.write(data)
        if self._most is not None and self._opened.tell() > self._most:
            self._opened.truncate(0)
            raise OSError(errno.EFBIG, f"at most {self._most} bytes are taken here")
        return written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._opened, name)
