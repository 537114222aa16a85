"""What a failed attempt says about the batch: a table from the error to what may be done next. Pure."""

import enum

import asyncpg

from storage.errors import CannotConnect, StoreUnavailable, TooManyConnections


class Verdict(enum.Enum):
    """How an attempt to commit failed."""

    CONTENT = "content"  # a unit's content is refused, and would be for ever: find it, put it into quarantine
    REFUSED = "refused"  # the database works but will not do this now: others may pass, this waits
    AWAY = "away"        # nobody was asked, nothing was written: the same batch again, later
    DOUBT = "doubt"      # the connection ended under the batch: settle its id before anything else is written


# 22 data exception, 23 integrity violation; 54: a value too large for an index, JSON nested too deep for the stack.
_CONTENT_CLASSES = ("22", "23", "54")
# 28 the login is refused, 3D no such database: said while connecting, so nothing was written.
_NOT_LET_IN = ("28", "3D")


def judge(error: Exception) -> Verdict:
    """What `error`, raised by an attempt to commit, leaves to be done."""
    if isinstance(error, (CannotConnect, TooManyConnections)):
        return Verdict.AWAY
    if isinstance(error, StoreUnavailable):
        return Verdict.DOUBT
    if isinstance(error, asyncpg.PostgresError):
        kind = sqlstate(error)[:2]
        if kind in _NOT_LET_IN:
            return Verdict.AWAY
        return Verdict.CONTENT if kind in _CONTENT_CLASSES else Verdict.REFUSED
    if isinstance(error, (TypeError, ValueError, OverflowError)):
        # Ours or asyncpg's encoder: a lone surrogate, a number outside its type. Nothing was sent.
        return Verdict.CONTENT
    if isinstance(error, asyncpg.InterfaceError):
        return Verdict.DOUBT
    # A bug of ours or a library's. What it touched waits for its deadline, the rest goes on; the log has it.
    return Verdict.REFUSED


def sqlstate(error: Exception) -> str:
    """The five characters; 22000 (data exception) for what our side could not even encode."""
    return str(getattr(error, "sqlstate", None) or "22000")
