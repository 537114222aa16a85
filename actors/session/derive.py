"""How a session follows from its facts: the one way it changes, live and in `voltyard rebuild sessions`.

Everything here is a function of the session so far and one fact or reading, so deriving again gives the same result.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from actors.session import sequence
from actors.session.details import merged
from actors.session.energy import Energy, advance, precede
from actors.session.model import Fact, Flag, Measured, Session

# No connector delivers more (MCS ends at 3.75 MW): a register that rises faster is not believed without a flag.
_LARGEST_POWER_W: Final = Decimal(4_000_000)
_SLACK: Final = timedelta(seconds=30)
_ALWAYS_PLAUSIBLE: Final = Decimal(30_000)  # Wh: what that power gives within the slack, nearly
_OVER_RATING: Final = Decimal("1.5")  # a reading above what its EVSE can deliver by so much is not believed unflagged


def measure(session: Session, reading: Measured) -> Session:
    """One more reading. Registers count in the order of the station's time; a late one changes no energy."""
    session = _measure(session, reading)
    return session if reading.seq_no is None else count(session, reading.seq_no)


def _measure(session: Session, reading: Measured) -> Session:
    if session.ended_at is not None and reading.at > session.ended_at:
        return replace(
            session,
            last_received_at=reading.received_at,
            flags=session.flags | {Flag.READING_AFTER_STOP},
        )
    if session.last_reading_at is not None and reading.at < session.last_reading_at:
        return _measure_late(session, reading)
    imported, exported, flags = session.imported, session.exported, session.flags
    if reading.import_wh is not None:
        flags = _judge(flags, session, imported, reading.import_wh, reading.at)
        imported = advance(imported, reading.import_wh)
    if reading.export_wh is not None:
        exported = advance(exported, reading.export_wh)
    if imported.resets > session.imported.resets or exported.resets > session.exported.resets:
        flags = flags | {Flag.REGISTER_RESET}
    running = session.ended_at is None
    rating = session.details.rating_w
    if rating is not None and reading.power_w is not None and abs(reading.power_w) > rating * float(_OVER_RATING):
        flags = flags | {Flag.POWER_IMPLAUSIBLE}
    return replace(
        session,
        imported=imported,
        exported=exported,
        power_w=session.power_w if reading.power_w is None or not running else reading.power_w,
        soc=session.soc if reading.soc is None else reading.soc,
        last_reading_at=reading.at,
        last_received_at=reading.received_at,
        flags=flags,
    )


def _measure_late(session: Session, reading: Measured) -> Session:
    imported = session.imported
    flags = session.flags
    if reading.import_wh is not None and reading.at <= session.started_at:
        imported = precede(imported, reading.import_wh)
    if reading.import_wh is not None and imported.last is not None and reading.import_wh > imported.last:
        flags = flags | {Flag.OUT_OF_ORDER}
    return replace(session, imported=imported, last_received_at=reading.received_at, flags=flags)


def _judge(flags: frozenset[str], session: Session, energy: Energy, register: Decimal, at: datetime) -> frozenset[str]:
    """Flags a register that rose faster than its EVSE, or any charger, can deliver: often Wh that came as kWh.

    What no rating is known of is judged by the largest charger there is (quirk 25: flagged, never dropped).
    """
    if energy.last is None or Flag.ENERGY_IMPLAUSIBLE in flags:
        return flags
    rating, rise = session.details.rating_w, register - energy.last
    if rating is None and rise < _ALWAYS_PLAUSIBLE:
        return flags
    most = _LARGEST_POWER_W if rating is None else min(_OVER_RATING * rating, _LARGEST_POWER_W)
    since = session.last_reading_at or session.started_at
    hours = Decimal(str((at - since + _SLACK).total_seconds())) / 3600
    return flags | {Flag.ENERGY_IMPLAUSIBLE} if rise > hours * most else flags


def _began(session: Session, fact: Fact) -> Session:
    """data: evse, connector, token, token_type, transaction_id, remote_start_id, charging_state, meter (text), flags;

    `assumed` when no start has been seen."""
    data = fact.data
    first = session.began_received_at == fact.received_at
    register = data.get("meter")
    imported = session.imported
    if register is not None:
        imported = advance(imported, Decimal(register)) if first else precede(imported, Decimal(register))
    flags = session.flags - {Flag.START_MISSING} if not first and not data.get("assumed") else session.flags
    return replace(
        session,
        started_at=fact.at if first else min(session.started_at, fact.at),
        transaction_id=data.get("transaction_id") or session.transaction_id,
        evse=_or(data.get("evse"), session.evse),
        connector=_or(data.get("connector"), session.connector),
        token=data.get("token") or session.token,
        token_type=data.get("token_type") or session.token_type,
        remote_start_id=_or(data.get("remote_start_id"), session.remote_start_id),
        charging_state=data.get("charging_state", session.charging_state) if session.open else None,
        imported=imported,
        flags=flags | frozenset(data.get("flags", ())),
    )


def _or(value: int | None, other: int | None) -> int | None:
    return other if value is None else value


def _changed(session: Session, fact: Fact) -> Session:
    """suspended, resumed, corrected. data: charging_state, evse, connector, token, flags, drop_flags (all optional)."""
    data = fact.data
    return replace(
        session,
        charging_state=data.get("charging_state", session.charging_state) if session.open else None,
        evse=_or(data.get("evse"), session.evse),
        connector=_or(data.get("connector"), session.connector),
        token=data.get("token") or session.token,
        token_type=data.get("token_type") or session.token_type,
        remote_start_id=_or(data.get("remote_start_id"), session.remote_start_id),
        flags=(session.flags | frozenset(data.get("flags", ()))) - frozenset(data.get("drop_flags", ())),
    )


def _ended(session: Session, fact: Fact) -> Session:
    """data: reason, meter (text), token, flags."""
    data = fact.data
    imported, flags = session.imported, session.flags | frozenset(data.get("flags", ()))
    register = data.get("meter")
    if register is not None:
        stop = Decimal(register)
        if imported.last is not None and stop < imported.last:
            flags |= {Flag.METER_BACKWARDS}
        else:
            flags = _judge(flags, session, imported, stop, fact.at)
            imported = advance(imported, stop)
    return replace(
        session,
        status="ended",
        ended_at=max(fact.at, session.started_at),  # a clock set back in between makes no negative duration
        stop_reason=data.get("reason") or session.stop_reason,
        token=session.token or data.get("token"),
        imported=imported,
        power_w=0.0 if session.power_w is not None else None,
        charging_state=None,
        meter_stop=Decimal(register) if register is not None else session.meter_stop,
        flags=flags - {Flag.STOP_MISSING},
    )


def _orphaned(session: Session, fact: Fact) -> Session:
    """data: reason. Ends where it was last seen: what nobody measured is not counted."""
    return replace(
        session,
        status="orphaned",
        ended_at=max(session.last_reading_at or fact.at, session.started_at),
        stop_reason=fact.data.get("reason"),
        power_w=0.0 if session.power_w is not None else None,
        charging_state=None,
        flags=session.flags | {Flag.STOP_MISSING} | frozenset(fact.data.get("flags", ())),
    )


def _reopened(session: Session, fact: Fact) -> Session:
    """data: reason."""
    return replace(session, status="active", ended_at=None, stop_reason=None, flags=session.flags | {Flag.REOPENED})


_APPLY: Final[Mapping[str, Callable[[Session, Fact], Session]]] = {
    "began": _began,
    "suspended": _changed,
    "resumed": _changed,
    "corrected": _changed,
    "ended": _ended,
    "orphaned": _orphaned,
    "reopened": _reopened,
}


def apply(session: Session, fact: Fact) -> Session:
    """The session after that fact. Any fact's data may carry a sequence number (`seq_no`) and `details`."""
    details = fact.data.get("details")
    if details:  # first: the rating says how the fact's register is judged
        session = replace(session, details=merged(session.details, details))
    session = _APPLY[fact.kind](session, fact)
    number = fact.data.get("seq_no")
    if number is not None:
        session = count(session, number)
    return replace(session, last_received_at=max(session.last_received_at, fact.received_at))


def count(session: Session, seq_no: int) -> Session:
    """The session with that sequence number seen, and the gap flag as it then stands."""
    return judged_by_numbers(session, sequence.add(session.seen, seq_no))


def judged_by_numbers(session: Session, seen: sequence.Ranges) -> Session:
    """The session with those numbers seen; flagged while one is missing."""
    flags = session.flags
    if sequence.complete(seen):
        flags = flags - {Flag.SEQUENCE_GAP} if Flag.SEQUENCE_GAP in flags else flags
    else:
        flags = flags | {Flag.SEQUENCE_GAP}
    return replace(session, seen=seen, flags=flags)
