"""What we say of an id token, from what is kept of it, of its sessions and of the station. Pure."""

from datetime import datetime, timedelta
from typing import Final

import attrs
from msgspec.structs import replace

from actors.authorization.places import allowed
from actors.ports import Held, TokenFact, Weighed
from actors.session.model import Flag
from actors.station.state import StationState
from actors.station.who import Station
from actors.windows import open_until, window
from protocol.ocpp.neutral import IdToken, PersonalMessage, TokenVerdict

# Unknown tokens of these types are vouched for by the station, its payment terminal or the remote start
# (OCPP 2.0.1 Part 2, C02.FR.02, C03, C05, F01; 2.1 Part 2, C18, C24).
UNASKED_TYPES: Final = frozenset(("NoAuthorization", "Central", "DirectPayment"))
REFUSED: Final = frozenset(
    ("blocked", "expired", "invalid", "unknown", "concurrent", "no_credit", "not_allowed_type", "not_at_this_location",
     "not_at_this_time")
)  # fmt: skip


def _place(evse: int | None) -> int | None:
    return evse or None


@attrs.frozen
class Start:
    """A transaction begins there, at that time; `transaction_id` is the station's own, as far as it has one.

    EVSE 0, which some write, is no place to charge at: where it is, is not known.
    """

    at: datetime
    evse: int | None = attrs.field(default=None, converter=_place)
    transaction_id: str | None = None
    reservation_id: int | None = None


def judge(
    presented: IdToken, weighed: Weighed, station: Station, now: datetime, *, strict: bool, start: Start | None = None
) -> TokenVerdict:
    """What is answered to an Authorize, and with `start` to the begin of a transaction.

    The same for a token of its own (C06) or of a vehicle (C08), and for what a station let in unknown while it was
    offline (C15). A 1.6 idTag has no type and matches any; a 2.x type must match only when the station is strict.
    """
    kept = weighed.token
    if kept is not None and strict and presented.type is not None and presented.type.casefold() != kept.type.casefold():
        kept = None
    verdict = _unknown(presented, weighed) if kept is None else _known(kept, weighed, station, now, start)
    if start is not None and verdict.status == "accepted":
        held = held_for_others(presented, kept, weighed, start)
        if held is not None:
            # No version has a word for it. Whoever it is may charge, but not here and now: NotAtThisTime of 2.x, and in
            # 1.6, where Invalid says that nobody knows the idTag, Blocked. Remembered no longer than it is reserved.
            until = min(held.expires_at, verdict.expires_at or held.expires_at)
            return replace(verdict, status="not_at_this_time", expires_at=until, reserved=held.number, evses=())
    return verdict


def _unknown(presented: IdToken, weighed: Weighed) -> TokenVerdict:
    """What the rules say of those whom nobody knows; a key code that is not valid is Invalid (C04.FR.01)."""
    if presented.type in UNASKED_TYPES:
        return TokenVerdict("accepted")
    if presented.type != "KeyCode" and weighed.unknown in ("accept", "create"):
        return TokenVerdict("accepted", create=weighed.unknown == "create")
    return TokenVerdict("invalid" if presented.type == "KeyCode" else "unknown")


def _known(kept: TokenFact, weighed: Weighed, station: Station, now: datetime, start: Start | None) -> TokenVerdict:
    """Whoever is kept as accepted is, there and then: by card, account or key code (C04.FR.02)."""
    where = allowed(kept, weighed, station)
    until = open_until(map(window, kept.windows), kept.time_zone, now) if kept.windows else None
    status = _status(kept, now)
    if status == "accepted":
        if where.why is not None:
            status = where.why
        elif start is not None and where.evses and start.evse is not None and start.evse not in where.evses:
            status = "not_at_this_location"
        elif kept.windows and until is None:
            status = "not_at_this_time"
        elif start is not None and kept.master:
            status = "invalid"  # the master pass ends transactions and begins none (C16)
        elif start is not None and _in_use(kept, weighed, station, start):
            status = "concurrent"
    return TokenVerdict(
        status,
        _forget_at(kept, until, now),
        # C01.FR.06, C09.FR.09, C09.FR.12; the type of a group is Central (C09.FR.13 of the errata).
        group=IdToken(kept.group_uid, "Central") if kept.group_uid else None,
        language1=kept.language1,
        language2=kept.language2,
        message=_message(kept.message),
        more_messages=tuple(made for each in kept.more_messages if (made := _message(each)) is not None),
        priority=kept.priority,
        evses=where.evses if status == "accepted" else (),  # C01.FR.19, FR.20, FR.22
    )


def _status(kept: TokenFact, now: datetime) -> str:
    if kept.status == "accepted" and kept.expires_at is not None and kept.expires_at <= now:
        return "expired"
    return kept.status


def _forget_at(kept: TokenFact, until: datetime | None, now: datetime) -> datetime | None:
    """Until when a station may remember our word (C10): what is prepaid, not at all (2.1 Part 2, C17.FR.01, FR.02)."""
    times = [kept.expires_at, until]
    if kept.prepaid:
        times.append(now)
    elif kept.cache_seconds is not None:
        times.append(now + timedelta(seconds=kept.cache_seconds))
    return min(filter(None, times), default=None)


def _in_use(kept: TokenFact, weighed: Weighed, station: Station, start: Start) -> bool:
    """Whether as many sessions of the token are open elsewhere as may be at a time.

    The session that this start is of does not count, nor what it ends by beginning at the same place.
    """
    if not kept.concurrent:
        return False
    others = [
        use for use in weighed.uses
        if use.station_id != station.id
        or ((use.evse is None or use.evse != start.evse)
            and (use.transaction_id is None or use.transaction_id != start.transaction_id))
    ]  # fmt: skip
    return len(others) >= kept.concurrent


def mind_refused(state: StationState, presented: IdToken, verdict: TokenVerdict) -> TokenVerdict:
    """Not now, while a transaction runs on at the only EVSE whose token may no longer charge (C01.FR.24)."""
    if verdict.status != "accepted" or len({evse for evse, _ in state.connectors if evse}) != 1:
        return verdict
    for session in state.sessions.values():
        same = session.token is not None and session.token.casefold() == presented.uid.casefold()
        if session.open and Flag.TOKEN_REFUSED in session.flags and not same:
            return replace(verdict, status="not_at_this_time", evses=())
    return verdict


def held_for_others(
    presented: IdToken, kept: TokenFact | None, weighed: Weighed, start: Start
) -> Held | None:
    """The reservation of that EVSE, at that time, for somebody else (OCPP 2.0.1 Part 2, H03)."""
    if start.evse is None:
        return None
    for held in weighed.held:
        if held.evse == start.evse and held.starts_at <= start.at < held.expires_at and not fits(held, presented, kept):
            return held
    return None


def fits(held: Held, presented: IdToken, kept: TokenFact | None) -> bool:
    """Whether the token, or its group, is whom it is reserved for."""
    names = {presented.uid.casefold()}
    if kept is not None:
        names.add(kept.uid.casefold())
    if held.token.casefold() in names:
        return True
    group = kept.group_uid if kept is not None else None
    return held.group_uid is not None and group is not None and held.group_uid.casefold() == group.casefold()


def used(presented: IdToken | None, weighed: Weighed, start: Start) -> int | None:
    """The number of the reservation that a transaction consumes (H03.FR.09): as told, or by its token and place."""
    if start.reservation_id is not None:
        return start.reservation_id
    if presented is None:
        return None
    fitting = [
        held for held in weighed.held
        if held.starts_at <= start.at < held.expires_at and held.evse in (None, start.evse)
        and fits(held, presented, weighed.token)
    ]  # fmt: skip
    return min((held.number for held in fitting), default=None)


def _message(kept: dict[str, object] | None) -> PersonalMessage | None:
    if not kept:
        return None
    language = kept.get("language")
    return PersonalMessage(str(kept["format"]), str(kept["content"]), None if language is None else str(language))
