"""Which session a message belongs to: by business key and content, never by message id.

Real stations repeat messages under new ids, send transaction ids like 0 or -1, and stop what they never started with
us (`charger-quirks` 19, 20, 21, 26).
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Final

from actors.session.model import Session
from protocol.ocpp.neutral import TransactionHappened
from protocol.ocpp.version import Version

_SIGNIFICANT: Final = 20  # characters of an idTag that stations echo faithfully (quirk 23)
LARGEST_NUMBER: Final = 2**31 - 1


def normal_form(uid: str) -> str:
    """A token's uid as it is compared: without padding, ignoring case."""
    return uid.strip().casefold()


def same_token(one: str | None, other: str | None) -> bool:
    """True when both may name the same token; one that is absent names any."""
    if one is None or other is None:
        return True
    return normal_form(one)[:_SIGNIFICANT] == normal_form(other)[:_SIGNIFICANT]


def business_key(version: Version, message: TransactionHappened) -> str:
    """What makes a transaction of one station the same, however often and under whatever message id it is told.

    1.6: connector, token, start time and meter start; a start without a time goes by the others. 2.x: the station's
    transaction id, its EVSE and its start time, since stations exist that count anew after a reset, or each EVSE alone.
    """
    claimed = message.at.isoformat()
    if version is not Version.V16:
        return f"2|{message.transaction_id}|{message.evse}|{claimed}"
    token = normal_form(message.token.uid) if message.token else ""
    if message.undated:
        return f"1|{message.evse}|{token}|undated|{message.meter}"
    return f"1|{message.evse}|{token}|{claimed}|{message.meter}"


def of_moment(key: str, received: datetime) -> str:
    """The key under which an undated start is kept: the like of it may truly begin again another time."""
    return f"{key}|{received.isoformat()}"


def open_undated(sessions: Iterable[Session], key: str) -> Session | None:
    """The open session of that undated start: while it goes on, the same start again is a repeat."""
    return next((s for s in sessions if s.open and s.business_key.startswith(key + "|")), None)


def usable_number(transaction_id: str | None) -> bool:
    """True for a 1.6 transaction id that we may have handed out."""
    if transaction_id is None or not transaction_id.lstrip("-").isdecimal():
        return False
    return 0 < int(transaction_id) <= LARGEST_NUMBER


def by_transaction(sessions: Iterable[Session], transaction_id: str) -> Session | None:
    """The newest session with that transaction id."""
    found = None
    for session in sessions:
        if session.transaction_id == transaction_id and (found is None or session.started_at >= found.started_at):
            found = session
    return found


def by_key(sessions: Iterable[Session], key: str) -> Session | None:
    """The session with that business key."""
    return next((session for session in sessions if session.business_key == key), None)


def open_at(sessions: Iterable[Session], evse: int | None, connector: int | None = None) -> Session | None:
    """The newest open session at that EVSE, and connector where both are known."""
    found = None
    for session in sessions:
        if not session.open or session.evse != evse:
            continue
        if connector is not None and session.connector is not None and session.connector != connector:
            continue
        if found is None or session.started_at > found.started_at:
            found = session
    return found


def all_open_at(sessions: Iterable[Session], evse: int | None, connector: int | None = None) -> list[Session]:
    """Every open session at that EVSE, and connector where both are known, oldest first."""
    found = [
        session
        for session in sessions
        if session.open
        and session.evse == evse
        and (connector is None or session.connector is None or session.connector == connector)
    ]
    return sorted(found, key=lambda session: session.started_at)


def by_stop(sessions: Iterable[Session], at: datetime, token: str | None, meter: Decimal | None) -> Session | None:
    """The one open session which a stop with an unusable transaction id can mean; None when there are several."""
    fits = [session for session in sessions if session.open and stop_fits(session, at, token, meter)]
    return fits[0] if len(fits) == 1 else None


def stop_fits(session: Session, at: datetime, token: str | None, meter: Decimal | None) -> bool:
    """True when a stop of that time, token and register can be this session's."""
    if at < session.started_at or not same_token(session.token, token):
        return False
    first = session.imported.first
    return first is None or meter is None or session.imported.resets > 0 or meter >= first
