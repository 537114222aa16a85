"""What a new transaction says of those before it: at its place they are over, whatever became of their stop."""

from actors.session import matching
from actors.station.state import OPEN_KEPT
from actors.station.work import Work
from protocol.ocpp.neutral import TransactionHappened


def leave_behind(work: Work, message: TransactionHappened) -> None:
    """Closes as orphans what was open at that place before it, and the oldest when a station never ends any."""
    at, _ = work.corrected(message.at)
    for left in matching.all_open_at(work.all_sessions(), message.evse, message.connector):
        if left.started_at <= at and message.evse is not None:
            work.fact(left, "orphaned", message.at, {"reason": "next_transaction_began"})
    still_open = sorted((s for s in work.all_sessions() if s.open), key=lambda session: session.last_received_at)
    for left in still_open[: max(len(still_open) - OPEN_KEPT + 1, 0)]:
        work.fact(left, "orphaned", work.now, {"reason": "too_many_open"})
