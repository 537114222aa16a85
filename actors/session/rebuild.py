"""A session derived anew from what was stored of it."""

from collections.abc import Iterable, Iterator, Sequence
from heapq import merge

from msgspec.structs import replace

from actors.records import ReadingRecord, SessionFactRecord, SessionRecord
from actors.session.derive import apply, judged_by_numbers, measure
from actors.session.model import Fact, Measured, Session
from actors.session.rows import empty, from_row, to_fact, to_measured, to_row
from actors.session.sequence import add


def rebuild(facts: Sequence[SessionFactRecord], readings: Iterable[ReadingRecord], row: SessionRecord) -> SessionRecord:
    """The row as its facts and readings (both in the order of received_at) give it.

    Identity (id, business key) comes from the old row; so do sequence numbers of 2.x messages that left neither a
    fact nor a reading. A session without a single fact is returned as it is.
    """
    if not facts:
        return row
    session = empty(row.id, row.business_key, to_fact(facts[0]))
    for happening in _in_order(facts, readings):
        session = apply(session, happening) if isinstance(happening, Fact) else measure(session, happening)
    return to_row(_with_numbers_of(session, from_row(row)))


def _in_order(facts: Sequence[SessionFactRecord], readings: Iterable[ReadingRecord]) -> Iterator[Fact | Measured]:
    return merge(
        (to_fact(fact) for fact in facts),
        (to_measured(reading) for reading in readings),
        key=lambda happening: happening.received_at,
    )


def _with_numbers_of(session: Session, old: Session) -> Session:
    seen = session.seen
    for first, last in old.seen:
        for number in range(first, last + 1):
            seen = add(seen, number)
    last_received = max(session.last_received_at, old.last_received_at)
    return judged_by_numbers(replace(session, last_received_at=last_received), seen)
