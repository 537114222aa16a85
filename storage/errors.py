"""What can go wrong between us and the database, by what the caller should do about it.

`StoreUnavailable` and its kinds mean: the work was not refused, the database could not be asked; try again later.
Everything the database itself says about the work (a constraint, a wrong statement, a full disk) passes unchanged.
`EmbeddedFault` and its kinds are for whoever starts the node: each message says what is wrong, where, and what to do.
"""

from __future__ import annotations

import asyncpg

from actors import ports

_CONNECTION_CLASS = "08"  # SQLSTATE class "connection exception"
_SHUTTING_DOWN = {"57P01", "57P02", "57P03"}  # admin shutdown, crash shutdown, cannot connect now
_TOO_MANY = {"53300"}


class StoreError(Exception):
    """Anything wrong with where we keep things."""


class StoreUnavailable(StoreError, ports.StoreUnavailable):  # noqa: N818 - named for what is the case
    """The database cannot be asked just now; the same work may succeed later."""


class CannotConnect(StoreUnavailable):
    """Nobody answered at the database's address."""


class ConnectionLost(StoreUnavailable):
    """The connection ended under the work. Whether a COMMIT that was on its way took effect is not known."""


class ShuttingDown(StoreUnavailable):
    """The server, or our own side of it, is stopping or still starting."""


class TooManyConnections(StoreUnavailable):
    """No connection was free in time, in the pool or in the server."""


class EmbeddedFault(StoreError):  # noqa: N818 - named for what is the case
    """The embedded server cannot be started or kept running."""


class DataDirInUse(EmbeddedFault):
    """Another living process owns the data directory."""

    def __init__(self, message: str, owner: int | None) -> None:
        super().__init__(message)
        self.owner = owner


class OldCluster(EmbeddedFault):
    """The cluster was written by another PostgreSQL major than the binaries at hand, and cannot be carried over."""


class MigrationFault(StoreError):  # noqa: N818 - named for what is the case
    """The migrations at hand and those applied do not fit together, or one failed."""


class BackupFault(StoreError):  # noqa: N818 - named for what is the case
    """A backup could not be taken or restored."""


def unavailable(error: BaseException, *, connecting: bool = False) -> StoreUnavailable | None:
    """The `StoreUnavailable` that `error` stands for, or None when it is the database's verdict on the work."""
    if isinstance(error, StoreUnavailable):
        return error
    if isinstance(error, asyncpg.PostgresError):
        state = str(error.sqlstate or "")
        if state in _SHUTTING_DOWN:
            return ShuttingDown(f"the database is stopping or starting: {error}")
        if state in _TOO_MANY:
            return TooManyConnections(f"the database takes no more connections: {error}")
        if state.startswith(_CONNECTION_CLASS):
            return ConnectionLost(f"the connection to the database was lost: {error}")
        return None
    if isinstance(error, asyncpg.InterfaceError) and connecting:
        # asyncpg says so for a pool or loop that is closing; while connecting there is no other cause.
        return ShuttingDown(f"the store is closing: {error}")
    if isinstance(error, (OSError, TimeoutError)) and connecting:
        return CannotConnect(f"cannot connect to the database: {str(error) or type(error).__name__}")
    if isinstance(error, ConnectionError):
        return ConnectionLost(f"the connection to the database was lost: {str(error) or type(error).__name__}")
    return None
