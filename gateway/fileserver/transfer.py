"""A data connection of the FTP server: one file on its way. What has come is taken or refused before `226` is said."""

import errno
import socket
import warnings
from typing import Any

with warnings.catch_warnings():  # it brings asyncore along, which this Python calls old
    warnings.simplefilter("ignore", DeprecationWarning)
    from pyftpdlib.exceptions import _RetryError  # type: ignore[import-untyped]
    from pyftpdlib.handlers import DTPHandler  # type: ignore[import-untyped]

_LATER = (errno.EAGAIN, errno.EWOULDBLOCK, errno.EINTR)


class Transfer(DTPHandler):  # type: ignore[misc] # pyftpdlib has no types
    """pyftpdlib's, but the end of an upload is the node's to tell, a reset is no end, and it may not last for ever."""

    _end: Any = None

    def enable_receiving(self, type: str, cmd: str) -> None:  # noqa: A002 - pyftpdlib's name
        super().enable_receiving(type, cmd)
        longest = self.cmd_channel.gate.desk.files.rules.longest
        self._end = self.ioloop.call_later(longest, self._too_long, _errback=self.handle_error)

    def recv(self, buffer_size: int) -> bytes:
        """A client that closes has sent all; one whose connection breaks has not."""
        try:
            data: bytes = self.socket.recv(buffer_size)
        except OSError as error:
            if error.errno in _LATER:
                raise _RetryError from error
            self._broke("Connection lost")
            return b""
        if not data:
            self.handle_close()
        return data

    def handle_close(self) -> None:
        if self._closed or not self.receive:
            super().handle_close()
        elif self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self._broke("Connection lost")
        else:
            self.transfer_finished = True
            self.close()  # without a word: Conversation says what became of it

    def close(self) -> None:
        if self._end is not None and not self._end.cancelled:
            self._end.cancel()
        if self.receive and self.file_obj is not None:
            self.file_obj.left = None  # what follows is on_file_received, or on_incomplete_file_received
            if not self.transfer_finished:
                self.cmd_channel.trouble = self.file_obj.why
        super().close()

    def handle_error(self) -> None:
        """Called from within `except`."""
        refusal = self.file_obj.refusal if self.receive and self.file_obj is not None else None
        if refusal is None:
            super().handle_error()
        else:
            self._resp = (refusal, None)
            self.close()

    def _too_long(self) -> None:
        self.file_obj.why = "the transfer took too long"
        self._broke("The transfer took too long")

    def _broke(self, why: str) -> None:
        self._resp = (f"426 {why}; what came is kept.", None)
        self.close()
