"""The file system an FTP client sees: folders of any name, and in each of them one file."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyftpdlib.exceptions import FilesystemError  # type: ignore[import-untyped]
from pyftpdlib.filesystems import AbstractedFS  # type: ignore[import-untyped]

from storage.files import FileStore
from storage.files_room import NoRoom, OverQuota
from storage.web.file_addresses import FileAddress


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
        """For reading, or from the start, the end, or anywhere for writing; that is asked for each time."""
        if "r" in mode and "+" not in mode:
            return open(self._file, mode)
        channel = self.cmd_channel
        channel.begin()
        try:
            incoming = Incoming(channel.gate.desk.files.store, channel.admitted.address, self._file, filename, mode)
        except NoRoom as error:
            channel.leave()
            raise FilesystemError(str(error)) from None
        except BaseException:  # whatever it was, the file is nobody's
            channel.leave()
            raise
        incoming.left = channel.leave
        return incoming

    def _refuse(self, *arguments: Any, **options: Any) -> Any:
        """Nothing but the file of the address is ever touched."""
        raise FilesystemError("This is not done here")

    chmod = utime = rename = remove = rmdir = mkstemp = readlink = _refuse

    @property
    def _file(self) -> Any:
        return self.cmd_channel.admitted.path


class Incoming:
    """What is being brought, under the name that the client gave it; it takes no more than the address allows.

    `left`: called when it is closed, unless somebody cleared it because the transfer has an end of its own.
    """

    def __init__(self, store: FileStore, address: FileAddress, path: Path, name: str, mode: str) -> None:
        self._room = store.room
        self._tenant = address.tenant_id
        self._most = address.most_bytes
        self._path = path
        self.name = name
        self.why = "the transfer was cut off"
        self.refusal: str | None = None
        self.left: Callable[[], None] | None = None
        self._room.check(self._tenant, path.parent)
        self._opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        self.closed = False
        self._size = os.fstat(self._opened).st_size
        if "w" in mode:
            self._cut(0)
        elif "a" in mode:
            os.lseek(self._opened, 0, os.SEEK_END)

    def seek(self, place: int) -> None:
        """What lay behind is written anew."""
        self._cut(min(place, self._size))
        os.lseek(self._opened, place, os.SEEK_SET)

    def write(self, data: bytes) -> int:
        """Raises OSError, and `refusal` is what the client is told. Of a file that is too large nothing is kept."""
        if self._most is not None and self._size + len(data) > self._most:
            self._cut(0)
            raise self._refused("552", f"at most {self._most} bytes are taken here")
        try:
            self._room.check(self._tenant, self._path.parent, len(data))
            return self._put(data)
        except OverQuota as error:
            raise self._refused("552", str(error)) from None
        except (NoRoom, OSError) as error:
            raise self._refused("452", str(error)) from None

    def _put(self, data: bytes) -> int:
        left = memoryview(data)
        while left:
            written = os.write(self._opened, left)
            left = left[written:]
            self._size += written
            self._room.grew(self._tenant, written)
        return len(data)

    def close(self) -> None:
        if self.closed:
            return
        self.closed = True
        os.close(self._opened)
        if self.left is not None:
            self.left()

    def _cut(self, size: int) -> None:
        os.ftruncate(self._opened, size)
        os.lseek(self._opened, size, os.SEEK_SET)
        self._room.grew(self._tenant, size - self._size)
        self._size = size

    def _refused(self, code: str, why: str) -> OSError:
        self.why, self.refusal = why, f"{code} {why[0].upper()}{why[1:]}."
        return OSError(errno.EIO, why)
