"""OCPP 1.6 StartTransaction, StopTransaction and MeterValues: which session, what changes, what is answered."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from msgspec.structs import replace

from actors.records import UnmatchedRecord
from actors.session import matching
from actors.session.model import Flag, Session
from actors.station.leaving import leave_behind
from actors.station.questions import Answers
from actors.station.state import LEDGERED_KEPT
from actors.station.tokens import REFUSED
from actors.station.transactions_details import begin_details
from actors.station.work import Work
from protocol.ocpp.neutral import MeterRead, Reading, TokenVerdict, TransactionHappened, TransactionReply
from protocol.ocpp.version import Version


def start(work: Work, message: TransactionHappened, answers: Answers, verdict: TokenVerdict) -> TransactionReply:
    """A replayed start gets the transaction id of the first one."""
    key = matching.business_key(Version.V16, message)
    if message.undated:
        known = matching.open_undated(work.all_sessions(), key)
        key = matching.of_moment(key, work.now)
    else:
        known = matching.by_key(work.all_sessions(), key) or answers.session
    if known is not None:
        return TransactionReply("began", _number(known), verdict)
    leave_behind(work, message)
    number = work.state.next_transaction + 1 if work.state.next_transaction < matching.LARGEST_NUMBER else 1
    work.state = replace(work.state, next_transaction=number)
    session = work.begin(key, message.at, _start_data(work, message, number, verdict))
    _reconcile(work, session, answers)
    return TransactionReply("began", number, verdict)


def _start_data(
    work: Work, message: TransactionHappened, number: int, verdict: TokenVerdict
) -> dict[str, Any]:
    data: dict[str, Any] = {
        "transaction_id": str(number),
        "evse": message.evse,
        "connector": message.connector,
        "token": message.token.uid if message.token else None,
        "meter": _text(message.meter),
    }
    if message.reservation_id is not None:
        data["reservation_id"] = message.reservation_id
    details = begin_details(work.state, message)
    if details:
        data["details"] = details
    if verdict.status in REFUSED:
        data["flags"] = [Flag.TOKEN_REFUSED, *([Flag.RESERVED_FOR_OTHERS] if verdict.reserved else [])]
    return data


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _number(session: Session) -> int:
    number = session.transaction_id
    return int(number) if number is not None and matching.usable_number(number) else 0


def _reconcile(work: Work, session: Session, answers: Answers) -> None:
    """A stop that arrived before its start ends the session now."""
    stops = [(datetime.fromisoformat(row.data["at"]), row) for row in answers.ledger if row.kind == "stop"]
    for at, row in sorted(stops, key=lambda stop: stop[0]):  # the first one after the start is its stop
        meter = Decimal(row.data["meter"]) if row.data.get("meter") is not None else None
        if not matching.stop_fits(session, at, row.data.get("token"), meter):
            continue
        data = {"reason": row.data.get("reason"), "meter": _text(meter), "flags": [Flag.MATCHED_BY_CONTENT]}
        work.fact(session, "ended", at, data)
        work.records.append(replace(row, session_id=session.id, received_at=work.stamp))
        return


def stop(work: Work, message: TransactionHappened, answers: Answers, verdict: TokenVerdict | None) -> TransactionReply:
    """Always a CALLRESULT; a stop that fits no session goes to the ledger."""
    session, by_content = _stopped(work, message, answers)
    if session is None:
        _to_ledger(work, message)
        _readings(work, None, message)
        return TransactionReply("ended", None, verdict)
    if session.status == "ended":
        if _differs(session, message):
            work.fact(session, "corrected", message.at, {"flags": [Flag.STOP_CHANGED], "meter": _text(message.meter)})
        return TransactionReply("ended", None, verdict)
    if session.status == "orphaned":
        session = work.fact(session, "reopened", message.at, {"reason": "stop_arrived"})
    session = _readings(work, session, message) or session
    data: dict[str, Any] = {"reason": message.reason, "meter": _text(message.meter)}
    if message.token is not None:
        data["stopped_by"] = message.token.uid
    if by_content:
        data["flags"] = [Flag.MATCHED_BY_CONTENT]
    work.fact(session, "ended", message.at, data)
    return TransactionReply("ended", None, verdict)


def _stopped(work: Work, message: TransactionHappened, answers: Answers) -> tuple[Session | None, bool]:
    wanted = message.transaction_id
    if wanted is not None and matching.usable_number(wanted):
        known = matching.by_transaction(work.all_sessions(), wanted) or answers.session
        if known is not None:
            return known, False
        if message.token is None or message.meter is None:
            return None, False  # a number that others have given: too little speaks for what is open here
    token = message.token.uid if message.token else None
    at, _ = work.corrected(message.at)
    return matching.by_stop(work.all_sessions(), at, token, message.meter), True


def _differs(session: Session, message: TransactionHappened) -> bool:
    return (
        session.meter_stop is not None
        and session.meter_stop != message.meter
        and (Flag.STOP_CHANGED not in session.flags)
    )


def _readings(work: Work, session: Session | None, message: TransactionHappened) -> Session | None:
    for reading in sorted(message.readings, key=lambda reading: reading.at):
        place = (session.evse, session.connector) if session else (message.evse, message.connector)
        session = work.reading(session, place, reading)
    return session


def _to_ledger(work: Work, message: TransactionHappened) -> None:
    at, _ = work.corrected(message.at)
    data = {
        "at": at.isoformat(),
        "claimed_at": message.at.isoformat(),
        "meter": _text(message.meter),
        "token": message.token.uid if message.token else None,
        "reason": message.reason,
    }
    _keep(work, "stop", message.transaction_id, data, f"{message.at.isoformat()}|{message.meter}")


def _keep(work: Work, kind: str, transaction_id: str | None, data: dict[str, Any], content: str) -> None:
    identity = uuid5(NAMESPACE_OID, f"{work.station_id}|{kind}|{transaction_id}|{content}")
    if identity in work.state.ledgered:
        return
    work.state = replace(work.state, ledgered=(*work.state.ledgered, identity)[-LEDGERED_KEPT:])
    work.records.append(UnmatchedRecord(identity, transaction_id, kind, work.received(), data))
    work.unmatched.append((kind, transaction_id))


def meter(work: Work, message: MeterRead, answers: Answers) -> None:
    """Readings go to the transaction they name, else to the open one of their connector (quirk 26)."""
    sessions = work.state.sessions.values()
    wanted = message.transaction_id
    session = None
    if wanted is not None:
        session = matching.by_transaction(sessions, wanted) or answers.session
    if session is None and message.evse != 0:
        session = matching.open_at(sessions, message.evse, message.connector)
    if session is None and wanted is not None and matching.usable_number(wanted):
        _keep(work, "meter", wanted, {"evse": message.evse}, "")
    readings = message.readings
    if len(readings) > 1:
        readings = tuple(sorted(readings, key=lambda reading: reading.at))
    if session is not None and readings and _is_sent_again(work, session, readings[-1]):
        return
    place = (message.evse, message.connector)
    for reading in readings:
        session = work.reading(session, place, reading)


def _is_sent_again(work: Work, session: Session, newest: Reading) -> bool:
    """True for readings that were stored although the station never got our answer, and sends again.

    1.6 numbers no readings. But a station has one call in flight, so it can only be the first of a session since this
    connection began; then its time, register, power and state of charge are what the session last saw.
    """
    connected, register = work.state.connected_at, newest.import_wh
    if register is None or connected is None or session.last_received_at >= connected:
        return False
    at, _ = work.corrected(newest.at)
    return (
        at == session.last_reading_at
        and register == session.imported.last
        and newest.power_w in (None, session.power_w)
        and newest.soc in (None, session.soc)
    )
