"""Between the FTP thread and the node's loop: who may log in, what may be written, and what becomes of what came."""

import warnings
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import attrs
import structlog
import trio

from gateway.fileserver.bell import Bell
from gateway.fileserver.desk import Desk
from protocol.redact import redact_text
from storage.errors import StoreUnavailable
from storage.web.file_addresses import FileAddress
from web.files.upload import place_of

with warnings.catch_warnings():  # it brings asyncore along, which this Python calls old
    warnings.simplefilter("ignore", DeprecationWarning)
    from pyftpdlib.authorizers import AuthenticationFailed  # type: ignore[import-untyped]

log = structlog.get_logger("ftp")
_ANSWER: Final = 15.0  # seconds the node may take to answer the thread
_CHECK: Final = 300.0  # seconds to check and take a file that has come; nobody else waits meanwhile
_NOTE: Final = 5.0  # seconds to note that a transfer broke off, also when the node stops
_FETCH, _BRING = "elr", "elwamd"
T = TypeVar("T")


@attrs.frozen
class Admitted:
    """Somebody logged in: where the file is, how it is called, and what may be done."""

    address: FileAddress
    path: Path
    name: str
    rights: str


class Gate:
    """pyftpdlib's authorizer, and its way to the node's loop. One a server; public methods run in the FTP thread."""

    def __init__(self, desk: Desk, token: trio.lowlevel.TrioToken, bell: Bell) -> None:
        self.desk = desk
        self._token = token
        self._nursery: trio.Nursery | None = None
        self._bell = bell

    def ask(self, work: Callable[..., Awaitable[T]], *arguments: Any) -> T:
        """`work(…)` on the node's loop. Raises what it raises, TooSlowError after its deadline."""

        async def in_time() -> T:
            with trio.fail_after(_ANSWER):
                return await work(*arguments)

        return trio.from_thread.run(in_time, trio_token=self._token)

    def arrived(self, address: FileAddress, name: str, say: Callable[[str], None]) -> None:
        """Does not wait: `say` is called in this thread when the file has been checked."""
        self._soon(self._start, self._arrived, address, name, say)

    def broke_off(self, address: FileAddress, name: str, why: str) -> None:
        """Does not wait either, and nor need the next try."""
        self.leave(address)
        self._soon(self._start, self._broke_off, address, name, why)

    def leave(self, address: FileAddress) -> None:
        self._soon(self.desk.leave, address)

    def _soon(self, work: Callable[..., object], *arguments: Any) -> None:
        with suppress(trio.RunFinishedError):
            self._token.run_sync_soon(work, *arguments)

    def open(self, nursery: trio.Nursery) -> None:
        """On the node's loop: what is not waited for runs in there."""
        self._nursery = nursery

    def stop(self) -> None:
        """On the node's loop: nothing more is begun there."""
        self._nursery = None

    def _start(self, work: Callable[..., Awaitable[None]], address: FileAddress, *arguments: Any) -> None:
        if self._nursery is not None:
            self._nursery.start_soon(work, address, *arguments)

    async def _arrived(self, address: FileAddress, name: str, say: Callable[[str], None]) -> None:
        said = "451 The file cannot be taken just now; bring it again."
        try:
            with trio.fail_after(_CHECK):
                said = await self.desk.arrived(address, name)
        except Exception as error:  # noqa: BLE001 - whatever went wrong over one file, the node goes on
            _not_noted(address, error)
        finally:
            self.desk.leave(address)
            self._bell.post(partial(say, said))

    async def _broke_off(self, address: FileAddress, name: str, why: str) -> None:
        try:
            with trio.fail_after(_NOTE, shield=True):
                await self.desk.broke_off(address, name, why)
        except Exception as error:  # noqa: BLE001 - as above
            _not_noted(address, error)

    def validate_authentication(self, username: str, password: str, handler: Any) -> None:
        try:
            found = self.ask(self.desk.admit, username, password)
        except (StoreUnavailable, trio.TooSlowError, trio.RunFinishedError, trio.Cancelled):
            raise AuthenticationFailed("The node cannot be asked just now; try again.") from None
        if found is None:
            raise AuthenticationFailed("No such address, or it is over.")
        address, image = found
        store = self.desk.files.store
        if image is not None:
            path = store.path(address.tenant_id, "firmware", image.id)
            handler.admitted = Admitted(address, path, image.name, _FETCH)
        else:
            tenant, shelf, file = place_of(address)
            handler.admitted = Admitted(address, store.partial(tenant, shelf, file), "log", _BRING)

    def get_home_dir(self, username: str) -> str:
        return "/"

    def get_msg_login(self, username: str) -> str:
        return "Welcome."

    def get_msg_quit(self, username: str) -> str:
        return "Goodbye."

    def has_user(self, username: str) -> bool:
        return True

    def has_perm(self, username: str, perm: str, path: str | None = None) -> bool:
        return True  # asked with the handler's own table: `Conversation.may`

    def get_perms(self, username: str) -> str:
        return _FETCH + _BRING

    def impersonate_user(self, username: str, password: str) -> None:
        """Nobody is anybody else."""

    def terminate_impersonation(self, username: str) -> None:
        """Nobody was anybody else."""


def _not_noted(address: FileAddress, error: Exception) -> None:
    if isinstance(error, StoreUnavailable | trio.TooSlowError | OSError):
        log.warning("ftp upload not noted", address=str(address.id), error=str(error))
    else:
        log.error("bug", address=str(address.id), error=redact_text(f"{type(error).__name__}: {error}"), exc_info=error)
