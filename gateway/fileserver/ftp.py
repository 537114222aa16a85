"""FTP for stations that know nothing else: pyftpdlib in a thread of its own, off unless an address is set.

Who logs in sees one file: the one of the address that the user name is the id of. Folders and names that a client sends
lead nowhere: whatever they are, they mean that file.
"""

import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import structlog
import trio

from gateway.fileserver.bell import Bell
from gateway.fileserver.desk import Desk
from gateway.fileserver.gate import Admitted, Gate
from gateway.settings import InvalidSetting, Settings, variable
from storage.errors import StoreUnavailable

with warnings.catch_warnings():  # it brings asyncore along, which this Python calls old
    warnings.simplefilter("ignore", DeprecationWarning)
    from pyftpdlib.exceptions import FilesystemError  # type: ignore[import-untyped]
    from pyftpdlib.handlers import FTPHandler  # type: ignore[import-untyped]
    from pyftpdlib.ioloop import IOLoop  # type: ignore[import-untyped]
    from pyftpdlib.servers import FTPServer  # type: ignore[import-untyped]

    from gateway.fileserver.transfer import Transfer
    from gateway.fileserver.virtual import OneFile

log = structlog.get_logger("ftp")
_CONNECTIONS: Final = 100
_LOOK: Final = 0.2  # seconds between looks at whether to stop
_LOGIN: Final = 30.0  # seconds for a new connection to log in
# What may be said after the login, and the right it needs ("": none). All else is refused, another login too: what has
# come belongs to the address of the first.
_NEEDS: Final = {"RETR": "r", "STOR": "w", "APPE": "a"} | dict.fromkeys((
    "ABOR", "ALLO", "CDUP", "CWD", "EPRT", "EPSV", "FEAT", "HELP", "LIST", "MDTM", "MKD", "MLSD", "MLST", "MODE",
    "NLST", "NOOP", "OPTS", "PASV", "PORT", "PWD", "QUIT", "REST", "SIZE", "STAT", "STRU", "SYST", "TYPE",
    "XCUP", "XCWD", "XMKD", "XPWD",
), "")  # fmt: skip


class Conversation(FTPHandler):  # type: ignore[misc] # pyftpdlib has no types
    """One control connection. `gate` is the server's, set on a subclass; `admitted` after the login."""

    abstracted_fs = OneFile
    dtp_handler = Transfer
    banner = "Voltyard file server."
    max_login_attempts = 3
    auth_failed_timeout = 0  # keys have 192 bits: nobody guesses one, and whoever waits is not closed when we stop
    timeout = 120
    gate: Gate
    admitted: Admitted | None = None
    trouble = ""  # why the last upload broke off
    _in_dtp_queue: Any

    def on_connect(self) -> None:
        self.call_later(_LOGIN, self._not_in)

    def _not_in(self) -> None:
        if not self.authenticated:
            self.close()

    def pre_process_command(self, line: str, cmd: str, arg: str) -> None:
        if self.admitted is not None and not self._may(cmd):
            self.respond("550 This address is not for that.")
            return
        super().pre_process_command(line, cmd, arg)

    def _may(self, cmd: str) -> bool:
        """`cmd` is the first word of a line: SITE and what follows it is refused whole."""
        wanted = _NEEDS.get(cmd.upper())
        return wanted == "" or (wanted is not None and self.admitted is not None and wanted in self.admitted.rights)

    def begin(self) -> None:
        """Somebody wants to write. Raises FilesystemError."""
        assert self.admitted is not None
        if self._in_dtp_queue is not None:  # nobody came for the data connection of the last one
            self._in_dtp_queue[0].close()
            self._in_dtp_queue = None
        try:
            why = self.gate.ask(self.gate.desk.begin, self.admitted.address)
        except (StoreUnavailable, trio.TooSlowError, trio.RunFinishedError, trio.Cancelled):
            why = "the node cannot be asked just now; try again"
        if why is not None:
            raise FilesystemError(why[0].upper() + why[1:])

    def leave(self) -> None:
        if self.admitted is not None:
            self.gate.leave(self.admitted.address)

    def on_file_received(self, file: str) -> None:
        if self.admitted is not None:
            self.gate.arrived(self.admitted.address, file.rsplit("/", 1)[-1], self._say)

    def on_incomplete_file_received(self, file: str) -> None:
        if self.admitted is not None:
            self.gate.broke_off(self.admitted.address, file.rsplit("/", 1)[-1], self.trouble)

    def _say(self, answer: str) -> None:
        if not self._closed:
            self.respond(answer)

    def log(self, msg: str, logfun: Any = None) -> None:
        """Its own lines would show passwords."""

    def logline(self, msg: str, logfun: Any = None) -> None:
        """As `log`."""

    def log_cmd(self, cmd: str, arg: str, respcode: int, respstr: str) -> None:
        """As `log`."""


@asynccontextmanager
async def ftp_server(settings: Settings, desk: Desk) -> AsyncIterator[int]:
    """Serves while the block runs; gives the port. Raises InvalidSetting when the address cannot be taken."""
    loop = IOLoop()
    gate = Gate(desk, trio.lowlevel.current_trio_token(), Bell(loop))
    server = _server(settings, gate, loop)
    stop = trio.Event()
    stopping: list[bool] = []

    def serve() -> None:
        while not stopping:
            loop.loop(timeout=_LOOK, blocking=False)
        loop.loop(timeout=0.01, blocking=False)
        server.close_all()

    async with trio.open_nursery() as nursery:
        gate.open(nursery)
        nursery.start_soon(_in_thread, serve, stop)
        try:
            yield int(server.address[1])
        finally:
            stopping.append(True)
            with trio.CancelScope(shield=True):
                await stop.wait()
            await trio.lowlevel.cancel_shielded_checkpoint()  # what the thread said last is begun
            gate.stop()
            nursery.cancel_scope.cancel()


def _server(settings: Settings, gate: Gate, loop: Any) -> Any:
    listen, ports = settings.ftp_listen, settings.ftp_passive_ports
    assert listen is not None  # asked by the caller
    members: dict[str, Any] = {"gate": gate, "authorizer": gate, "masquerade_address": settings.ftp_public_host}
    if ports is not None:
        members["passive_ports"] = range(ports[0], ports[1] + 1)
    handler = type("NodeConversation", (Conversation,), members)
    try:
        server = FTPServer((listen.host, listen.port), handler, ioloop=loop)
    except OSError as error:
        loop.close()
        why = f"cannot listen there ({error.strerror or error}): stop what uses it, or choose another port"
        raise InvalidSetting(variable("ftp_listen"), str(listen), why) from error
    server.max_cons = _CONNECTIONS
    server.max_cons_per_ip = settings.ftp_connections_per_address
    return server


async def _in_thread(serve: Callable[[], None], done: trio.Event) -> None:
    try:
        with trio.CancelScope(shield=True):  # it ends by its own flag
            await trio.to_thread.run_sync(serve, limiter=trio.CapacityLimiter(1))
    finally:
        done.set()
