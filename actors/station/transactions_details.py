"""What transaction events say of a session's details, and what our answers say in turn (OCPP 2.x, E and I). Pure.

`news` holds what is worth a fact. Readings and counters that change with every event are not: they are taken along
with the next fact.
"""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

import msgspec

from actors.session.instructions import ASK, RESUME
from actors.session.model import Flag, Session
from actors.station.state import StationState
from actors.station.work import Work
from protocol.ocpp.neutral import TransactionHappened, TransactionTold

# Triggers that say no more than that readings, or an answer to a question of ours, have come.
ROUTINE: Final = frozenset(
    (
        None, "ChargingRateChanged", "ChargingStateChanged", "MeterValueClock", "MeterValuePeriodic", "RunningCost",
        "SignedDataReceived", "Trigger",
    )
)  # fmt: skip
_CHANGING: Final = (
    "phases", "cable_max_current_a", "preconditioning", "evse_sleep", "operation_mode", "tariff_id", "limit",
    "cost_details",
)  # fmt: skip
_CALM: Final = timedelta(seconds=10)
_AFTER_BOOT: Final = timedelta(seconds=90)
_LIMIT_REACHED: Final = frozenset(("CostLimitReached", "EnergyLimitReached", "SoCLimitReached", "TimeLimitReached"))


def begin_details(state: StationState, message: TransactionHappened) -> dict[str, Any]:
    """Of a session's first fact: what its EVSE can deliver, as the operator has set it or else the station told it
    (EVSE.Power maxLimit), and its reservation."""
    details: dict[str, Any] = {}
    rating = state.settings.get("rating_w") or state.ratings.get(message.evse or 0)
    if isinstance(rating, int) and rating > 0:
        details["rating_w"] = rating
    if message.reservation_id is not None:
        details["reservation_id"] = message.reservation_id
    return details


def detail_news(session: Session | None, message: TransactionHappened) -> dict[str, Any]:
    """Changes of details that this event tells; `session` None: it is the first. Empty for nearly every event."""
    trigger, more = message.trigger, message.more
    known = session.details if session is not None else None
    news: dict[str, Any] = {}
    if more is not None:
        for name in _CHANGING:
            value = getattr(more, name)
            if value is not None and (known is None or value != getattr(known, name)):
                news[name] = value
        if more.cost_details is not None and "cost_details" in news:
            news |= _total(more.cost_details)
    if trigger not in ROUTINE or session is None:
        news["trigger"] = trigger
    if trigger == "TxResumed":  # E17.FR.14
        news["resumed"] = (known.resumed if known is not None else 0) + 1
    if message.offline and (known is None or not known.offline):
        news["offline"] = True
    if more is not None and more.charging_seconds is not None and (news or message.kind == "ended"):
        news["charging_seconds"] = more.charging_seconds
    return news


def _total(cost_details: Mapping[str, Any]) -> dict[str, Any]:
    """The sum a station has calculated, taxes included where it says so (I12.FR.01)."""
    total = cost_details.get("totalCost", {}).get("total", {})
    amount = total.get("inclTax", total.get("exclTax"))
    if amount is None or cost_details.get("failureToCalculate"):
        return {}
    return {"total_cost": str(amount)}


def flags_of(message: TransactionHappened) -> list[str]:
    """Flags that the event itself earns the session."""
    flags = []
    if message.trigger == "TxResumed":
        flags.append(Flag.RESUMED)
    if message.trigger in _LIMIT_REACHED:
        flags.append(Flag.LIMIT_REACHED)
    if message.offline:
        flags.append(Flag.OFFLINE)
    return flags


def ask_about_open(work: Work) -> None:
    """The station has restarted: what it does not go on with by itself (E17.FR.14) is asked about, once (E14)."""
    for session in work.all_sessions():
        if session.open and session.transaction_id:
            work.job(ASK, {}, key=str(session.id), after=_AFTER_BOOT, subject=f"sessions/{session.id}")


def profiles_again(work: Work, session: Session) -> None:
    """A transaction goes on after a reboot: its TxProfiles may be lost (B13.FR.31, E17.FR.15)."""
    if session.transaction_id:
        state = {"transaction_id": session.transaction_id}
        work.job(RESUME, state, key=str(session.id), after=_CALM, subject=f"sessions/{session.id}")


def answer(work: Work, session: Session, message: TransactionHappened) -> TransactionTold | None:
    """What the answer says beside the token, once; the same again when the event comes again.

    Every event is looked up for what waits to be told: running cost (I02.FR.01), another price in words
    (I06.FR.01, I06.FR.02), a priority (K03.FR.05). A limit is told in the first possible answer and once (E16.FR.02);
    so is what is left of a prepaid account, which whoever keeps the account has set (C17.FR.03); not when the station
    keeps to it or to less (E16.FR.08). The final cost, where we know it, with the end (I03.FR.02); nothing taken is
    told as 0, not by silence (C20.FR.03, I03.FR.04).
    """
    session = work.session(session.id)
    details = session.details
    if details.wish is None and message.kind != "ended":
        if details.told is None or details.told_at is None or details.told_at != message.seq_no:
            return None
        return msgspec.convert(details.told, TransactionTold)
    told = dict(details.wish or {})
    if "limit" in told and _kept(told["limit"], details.limit, details.given_limit):
        del told["limit"]
    if message.kind == "ended":
        told.pop("limit", None)
        told |= _final_cost(session)
    if details.wish is not None or (told and told != details.told):
        changes = {"wish": None, "told": told or None, "told_at": message.seq_no}
        if "limit" in told:
            changes["given_limit"] = {**(details.given_limit or {}), **told["limit"]}
        if "total_cost" in told:
            changes["total_cost"] = told["total_cost"]
        work.fact(session, "corrected", work.now, {"details": changes})
    return msgspec.convert(told, TransactionTold) if told else None


def _kept(wanted: Mapping[str, Any], kept: Mapping[str, Any] | None, given: Mapping[str, Any] | None) -> bool:
    """True when the station keeps to what we want, or by itself to less.

    A limit that we gave is taken away by a higher one (E16.FR.17), which therefore has to be told.
    """
    return kept is not None and all(
        _low(value, kept.get(name), (given or {}).get(name)) for name, value in wanted.items()
    )


def _low(wanted: Any, kept: Any, given: Any) -> bool:
    if kept is None:
        return False
    ours = given is not None and Decimal(str(given)) == Decimal(str(kept))
    there, limit = Decimal(str(kept)), Decimal(str(wanted))
    return there == limit if ours else there <= limit


def _final_cost(session: Session) -> dict[str, Any]:
    if session.details.total_cost is not None and session.details.cost_details is None:
        return {"total_cost": session.details.total_cost}
    paid_directly = session.token_type == "DirectPayment"  # noqa: S105 - a token's type
    if paid_directly and not session.imported.total and not session.exported.total:
        return {"total_cost": "0"}
    return {}
