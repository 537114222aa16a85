"""What `/readyz` says is missing: the database and the listeners."""

from collections.abc import Awaitable, Callable

import trio

from actors.ports import StoreUnavailable
from storage.journal.journal import Journal
from storage.pool import Pool

_PATIENCE = 2.0


def readiness(
    pool: Pool,
    journal: Journal,
    accepting: Callable[[], bool],
    stopping: Callable[[], bool],
    certificates: Callable[[], list[str]] = list,
) -> Callable[[], Awaitable[list[str]]]:
    """A function that names what is missing, in words; empty when the node is ready.

    `accepting`: whether stations can connect, or need not here. `certificates`: what is wrong with those of listeners.
    """

    async def missing() -> list[str]:
        found = []
        if (database := await _database(pool)) is not None:
            found.append(database)
        if (trouble := journal.trouble) is not None:
            found.append(f"journal: {trouble}")
        if not accepting():
            found.append("OCPP listener: not accepting")
        found += certificates()
        if stopping():
            found.append("the node is stopping")
        return found

    return missing


async def _database(pool: Pool) -> str | None:
    try:
        with trio.fail_after(_PATIENCE):
            await pool.fetchval("select 1")
    except StoreUnavailable as error:
        return f"database: {error}"
    except trio.TooSlowError:
        return f"database: no answer within {_PATIENCE:.0f} s"
    return None
