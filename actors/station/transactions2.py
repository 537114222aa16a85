"""OCPP 2.x TransactionEvent and MeterValues: which session, what changes, what is answered (2.0.1 Part 2, E)."""

from typing import Any, Final

from actors.session import matching, sequence
from actors.session.derive import count
from actors.session.model import SUSPENDED_STATES, FactKind, Flag, Session
from actors.station.questions import Answers
from actors.station.work import Work
from protocol.ocpp.neutral import MeterRead, TokenVerdict, TransactionHappened, TransactionReply
from protocol.ocpp.version import Version

_REFUSED: Final = frozenset(("blocked", "expired", "invalid", "unknown"))


def happened(
    work: Work, message: TransactionHappened, answers: Answers, verdict: TokenVerdict | None
) -> TransactionReply:
    """One event of a transaction, in whatever order it comes; a repeat changes nothing and is answered the same."""
    reply = TransactionReply(message.kind, None, verdict)
    session = matching.by_transaction(work.all_sessions(), message.transaction_id or "") or answers.session
    if session is not None and message.kind == "began" and _counts_anew(work, session, message):
        session = None
    if session is None:
        session = _begin(work, message, verdict)
        if message.kind == "began":
            _readings(work, session, message)
            return reply
    elif _is_repeat(work, session, message):
        return reply
    _continue(work, session, message, verdict)
    return reply


def _counts_anew(work: Work, session: Session, message: TransactionHappened) -> bool:
    """True when a closed session's transaction id is used for another transaction (quirk 19)."""
    if session.open or Flag.START_MISSING in session.flags:
        return False
    at, _ = work.corrected(message.at)
    return session.ended_at is not None and at > session.ended_at


def _is_repeat(work: Work, session: Session, message: TransactionHappened) -> bool:
    """A number that has arrived before, and nothing newer than what we know.

    The time is asked too, since a station that always counts 0 must not lose its transaction.
    """
    if message.seq_no is None or not sequence.has(session.seen, message.seq_no):
        return False
    at, _ = work.corrected(message.at)
    newest = max(filter(None, (session.started_at, session.last_reading_at, session.ended_at)))
    return at <= newest or message.kind == "began" or (message.kind == "ended" and not session.open)


def _begin(work: Work, message: TransactionHappened, verdict: TokenVerdict | None) -> Session:
    """A session begins with its Started event, or with the first event of it that reaches us."""
    left = None if message.offline else matching.open_at(work.all_sessions(), message.evse, message.connector)
    at, _ = work.corrected(message.at)
    if left is not None and message.evse is not None and left.started_at <= at:
        work.fact(left, "orphaned", message.at, {"reason": "next_transaction_began"})
    data = _start_data(message, verdict)
    if message.kind != "began":
        data["assumed"] = True
        data["flags"] = [*data.get("flags", ()), Flag.START_MISSING]
        data.pop("seq_no", None)
    return work.begin(matching.business_key(Version.V201, message), message.at, data)


def _start_data(message: TransactionHappened, verdict: TokenVerdict | None) -> dict[str, Any]:
    data: dict[str, Any] = {
        "transaction_id": message.transaction_id,
        "evse": message.evse,
        "connector": message.connector,
        "token": message.token.uid if message.token else None,
        "token_type": message.token.type if message.token else None,
        "remote_start_id": message.remote_start_id,
        "reservation_id": message.reservation_id,
        "charging_state": message.charging_state,
        "seq_no": message.seq_no,
    }
    if verdict is not None and verdict.status in _REFUSED:
        data["flags"] = [Flag.TOKEN_REFUSED]
    return {name: value for name, value in data.items() if value is not None}


def _continue(work: Work, session: Session, message: TransactionHappened, verdict: TokenVerdict | None) -> None:
    if message.kind == "began":
        session = work.fact(session, "began", message.at, _start_data(message, verdict))
        _readings(work, session, message)
        return
    if session.status == "orphaned":
        session = work.fact(session, "reopened", message.at, {"reason": "event_arrived"})
    news = _news(session, message)
    kind = _kind(session, message)
    if news or kind != "corrected":
        session = work.fact(session, kind, message.at, news)
    session = _readings(work, session, message)
    if message.kind == "ended":
        data: dict[str, Any] = {"reason": message.reason, "seq_no": message.seq_no}
        if session.status == "ended":
            work.touch(_counted(session, message))
        else:
            work.fact(session, "ended", message.at, data)
    elif not message.readings:
        work.touch(_counted(session, message))


def _counted(session: Session, message: TransactionHappened) -> Session:
    return session if message.seq_no is None else count(session, message.seq_no)


def _kind(session: Session, message: TransactionHappened) -> FactKind:
    state = message.charging_state
    if state is None or message.kind == "ended" or state == session.charging_state:
        return "corrected"
    if state in SUSPENDED_STATES:
        return "suspended"
    return "resumed" if session.charging_state in SUSPENDED_STATES else "corrected"


def _news(session: Session, message: TransactionHappened) -> dict[str, Any]:
    """What this event tells that the session does not know yet."""
    news: dict[str, Any] = {}
    if message.charging_state is not None and message.charging_state != session.charging_state:
        news["charging_state"] = message.charging_state
    if message.evse is not None and session.evse is None:
        news["evse"] = message.evse
    if message.connector is not None and session.connector is None:
        news["connector"] = message.connector
    if message.token is not None and session.token is None:
        news |= {"token": message.token.uid, "token_type": message.token.type}
    if message.remote_start_id is not None and session.remote_start_id is None:
        news["remote_start_id"] = message.remote_start_id
    return news


def _readings(work: Work, session: Session, message: TransactionHappened) -> Session:
    place = (session.evse, session.connector)
    for reading in sorted(message.readings, key=lambda reading: reading.at):
        session = work.reading(session, place, reading, message.seq_no) or session
    return session


def meter(work: Work, message: MeterRead) -> None:
    """MeterValues outside a transaction's events: clock-aligned data. Kept; energy is billed on transaction events.

    They go to the open session of their EVSE, so that what it drew between two events is seen.
    """
    session = matching.open_at(work.state.sessions.values(), message.evse) if message.evse else None
    for reading in sorted(message.readings, key=lambda reading: reading.at):
        session = work.reading(session, (message.evse, message.connector), reading)
