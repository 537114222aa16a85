"""OCPP 2.x TransactionEvent and MeterValues: which session, what changes, what is answered (2.0.1 Part 2, E)."""

from datetime import timedelta
from typing import Any, Final

from actors.session import matching, sequence
from actors.session.derive import count
from actors.session.model import SUSPENDED_STATES, FactKind, Flag, Session
from actors.station.leaving import leave_behind
from actors.station.questions import Answers
from actors.station.tokens import REFUSED
from actors.station.transactions_details import ROUTINE, answer, begin_details, detail_news, flags_of, profiles_again
from actors.station.work import Work
from protocol.ocpp.neutral import IdToken, MeterRead, TokenVerdict, TransactionHappened, TransactionReply
from protocol.ocpp.version import Version
from protocol.redact import HIDDEN

_LONG_AFTER: Final = timedelta(hours=1)


def happened(
    work: Work, message: TransactionHappened, answers: Answers, verdict: TokenVerdict | None
) -> TransactionReply:
    """One event of a transaction, in whatever order it comes; a repeat changes nothing and is answered the same.

    However it begins (E01, E02, E03), was begun, stopped or went on while offline (E04, E08, E11, E12), pauses or ends
    (E06, E07, E09, E10, E15): the session follows what the events say.
    """
    session = _meant(work, message) or answers.session
    if session is not None and _counts_anew(work, session, message):
        session = None
    if session is None:
        session = _begin(work, message, verdict)
        if message.kind == "began":
            if answers.wish is not None:  # F07.FR.02: the limit is told with the answer to the begin
                session = work.fact(session, "corrected", message.at, {"details": {"wish": answers.wish}})
            _readings(work, session, message)
        else:
            _continue(work, session, message, verdict)
    elif not _is_repeat(work, session, message):
        _continue(work, session, message, verdict)
        if message.trigger == "TxResumed":
            profiles_again(work, session)
    details = session.details  # a wish comes by an instruction, never by the event at hand
    told = None
    if message.kind == "ended" or details.wish is not None or details.told is not None:
        told = answer(work, session, message)
    return TransactionReply(message.kind, None, verdict, told)


def _meant(work: Work, message: TransactionHappened) -> Session | None:
    """The newest session of that transaction id and place; without an id, what is open at the place (quirk 19)."""
    there = [s for s in work.all_sessions() if None in (s.evse, message.evse) or s.evse == message.evse]
    begun = None
    if message.kind == "began" or not message.transaction_id:
        begun = matching.by_key(there, matching.business_key(Version.V201, message))
    if begun is not None and message.kind == "began":
        return begun
    if message.transaction_id:
        return matching.by_transaction(there, message.transaction_id)
    at, _ = work.corrected(message.at)
    fits = [s for s in there if s.started_at <= at and (s.ended_at is None or at <= s.ended_at)]
    return begun or max(fits, key=lambda session: (session.open, session.started_at), default=None)


def _counts_anew(work: Work, session: Session, message: TransactionHappened) -> bool:
    """True when a session's transaction id is used for another transaction (quirk 19).

    A start after a session's end always is one. Ids that are mere numbers, or none at all, come again even while the
    one before is open, its end being lost: then the time of the start tells them apart; and long after an end, what
    comes under such an id cannot belong to it.
    """
    if message.kind != "began" and session.ended_at is None:
        return False
    if session.business_key == matching.business_key(Version.V201, message):
        return False
    at, _ = work.corrected(message.at)
    repeating = not message.transaction_id or message.transaction_id.lstrip("-").isdecimal()
    if message.kind != "began":
        return repeating and session.ended_at is not None and at > session.ended_at + _LONG_AFTER
    if Flag.START_MISSING in session.flags:
        return False
    if session.ended_at is not None:
        return at > session.ended_at
    return repeating and at > session.started_at


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
    leave_behind(work, message)
    data = _start_data(message, verdict)
    details = begin_details(work.state, message) | data.get("details", {})
    if details:
        data["details"] = details
    if message.kind != "began":
        data["assumed"] = True
        data["flags"] = [*data.get("flags", ()), Flag.START_MISSING]
        data.pop("seq_no", None)
    return work.begin(matching.business_key(Version.V201, message), message.at, data)


def _shown(token: IdToken | None) -> str | None:
    """As the session keeps it: a key code lets whoever reads it charge, so it stays unsaid (C04.FR.04)."""
    if token is None:
        return None
    return HIDDEN if token.type == "KeyCode" else token.uid


def _start_data(message: TransactionHappened, verdict: TokenVerdict | None) -> dict[str, Any]:
    data: dict[str, Any] = {
        "transaction_id": message.transaction_id,
        "evse": message.evse,
        "connector": message.connector,
        "token": _shown(message.token),
        "token_type": message.token.type if message.token else None,
        "remote_start_id": message.remote_start_id,
        "reservation_id": message.reservation_id,
        "charging_state": message.charging_state,
        "seq_no": message.seq_no,
    }
    if verdict is not None and verdict.status in REFUSED:
        data["flags"] = [Flag.TOKEN_REFUSED, *([Flag.RESERVED_FOR_OTHERS] if verdict.reserved else [])]
    if message.kind == "began":
        data["details"] = detail_news(None, message) or None
        flags = flags_of(message)
        if flags:
            data["flags"] = [*data.get("flags", ()), *flags]
    return {name: value for name, value in data.items() if value is not None}


def _continue(work: Work, session: Session, message: TransactionHappened, verdict: TokenVerdict | None) -> None:
    if message.kind == "began":
        session = work.fact(session, "began", message.at, _late_start(session, message, verdict))
        _readings(work, session, message)
        return
    at, _ = work.corrected(message.at)
    goes_on = session.ended_at is None or at > session.ended_at or message.kind == "ended"
    if session.status == "orphaned" and goes_on:
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


def _late_start(session: Session, message: TransactionHappened, verdict: TokenVerdict | None) -> dict[str, Any]:
    """A start after later events: what those have told stays."""
    data = _start_data(message, verdict)
    unknown = {
        name: value for name, value in data.pop("details", {}).items() if not getattr(session.details, name)
    }
    return data | {"details": unknown} if unknown else data


def _counted(session: Session, message: TransactionHappened) -> Session:
    return session if message.seq_no is None else count(session, message.seq_no)


def _kind(session: Session, message: TransactionHappened) -> FactKind:
    state = message.charging_state
    if state is None or message.kind == "ended" or state == session.charging_state or _is_old(session, message):
        return "corrected"
    if state in SUSPENDED_STATES:
        return "suspended"
    return "resumed" if session.charging_state in SUSPENDED_STATES else "corrected"


def _is_old(session: Session, message: TransactionHappened) -> bool:
    """True when the session has gone on since: it is over, or a later number has arrived."""
    if not session.open:
        return True
    return message.seq_no is not None and bool(session.seen) and message.seq_no < session.seen[-1][1]


def _news(session: Session, message: TransactionHappened) -> dict[str, Any]:
    """What this event tells that the session does not know yet."""
    news: dict[str, Any] = {}
    if message.charging_state not in (None, session.charging_state) and not _is_old(session, message):
        news["charging_state"] = message.charging_state
    if message.evse is not None and session.evse is None:
        news["evse"] = message.evse
    if message.connector is not None and session.connector is None:
        news["connector"] = message.connector
    if message.token is not None and session.token is None:
        news |= {"token": _shown(message.token), "token_type": message.token.type}
    if message.remote_start_id is not None and session.remote_start_id is None:
        news["remote_start_id"] = message.remote_start_id
    if message.more is None and message.trigger in ROUTINE and not message.offline:
        return news
    details = detail_news(session, message)
    if details:
        news["details"] = details
        flags = [flag for flag in flags_of(message) if flag not in session.flags]
        if flags:
            news["flags"] = flags
    return news


def _readings(work: Work, session: Session, message: TransactionHappened) -> Session:
    place = (session.evse, session.connector)
    for reading in sorted(message.readings, key=lambda reading: reading.at):
        session = work.reading(session, place, reading, message.seq_no) or session
    return session


def meter(work: Work, message: MeterRead) -> None:
    """MeterValues outside a transaction's events (J01.FR.18): clock-aligned data. Kept; energy is billed on transaction
    events (J02.FR.19, J03), which are answered whatever they hold.

    They go to the open session of their EVSE, so that what it drew between two events is seen.
    """
    session = matching.open_at(work.state.sessions.values(), message.evse) if message.evse else None
    for reading in sorted(message.readings, key=lambda reading: reading.at):
        session = work.reading(session, (message.evse, message.connector), reading)
