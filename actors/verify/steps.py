"""What the actor does about what is found out: records to store and the new knowledge, for each thing that happens."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from actors.records import CommandRecord, EventRecord, ObjectsSweptRecord, ReadingRecord, Record
from actors.station.exchange import Exchange
from actors.station.phrases import PROFILE_ID
from actors.station.who import NewId, Station
from actors.verify import capability, power, questions
from actors.verify.known import CAPABILITY, LIMIT_CHECK, NOTHING_KNOWN, QUESTION, Known
from protocol.events.base import make
from protocol.events.repairs import LimitIgnored
from protocol.ocpp.events import Repair

VERIFY_CLEAR = "verify-clear"
IGNORED = "limit_ignored"
"""The quirk of a station whose power does not follow."""


def answered(
    station: Station, known: Known, row: CommandRecord, habits: Mapping[str, Any], now: datetime, new_id: NewId
) -> tuple[Known, list[Record]]:
    """The fate of a command is known."""
    answer = row.answer if isinstance(row.answer, Mapping) else {}
    exchange = Exchange(station, row.action, row.command, row.request, answer, now, new_id, row.id, row.requested_by)
    gone = power.cleared(known, row, PROFILE_ID) if habits.get("verify_clear") else None
    known, records = capability.answered(known, exchange, row)
    if gone is not None:
        records.append(
            exchange.job(VERIFY_CLEAR, {"evse": gone[0], "limit_w": gone[1]}, key=f"{station.id}/{gone[0]}")
        )
    return power.begun(known, row, habits, now), records


def measured(
    station: Station, known: Known, records: Iterable[Record], now: datetime, new_id: NewId
) -> tuple[Known, list[Record], tuple[Repair, ...]]:
    """Meter values came, while limits are watched; the repairs are quirks to count."""
    known, decided = power.measured(known, (each for each in records if type(each) is ReadingRecord))
    made: list[Record] = []
    ignored: list[Repair] = []
    for watched, shown in decided:
        follows = watched.under >= power.SAMPLES
        data = {"limit_w": watched.limit_w, "power_w": shown, "command_id": watched.command_id}
        exchange = Exchange(station, "MeterValues", None, {}, {}, now, new_id)
        made += exchange.object(LIMIT_CHECK, str(watched.evse), data, "followed" if follows else "ignored")
        if not follows:
            ignored.append(Repair(IGNORED, "", str(shown), str(watched.limit_w)))
            event = LimitIgnored(
                station_id=station.id, station=station.identity, evse=watched.evse, limit_w=watched.limit_w,
                power_w=shown, samples=watched.over,
            )  # fmt: skip
            made.append(EventRecord(new_id(), now, *make(event)))
    return known, made, tuple(ignored)


def another_model(now: datetime) -> tuple[Known, list[Record]]:
    """Model or firmware is another one: everything is found out anew."""
    return NOTHING_KNOWN, [ObjectsSweptRecord(CAPABILITY, [], now), ObjectsSweptRecord(QUESTION, [], now)]


def why_left_out(known: Known, action: str, request: Any) -> str | None:
    """Why a job of ours does not send this to the station; None when it may."""
    if questions.held_back(known, action):
        return f"{action} is held back: the station went away right after it, twice; an operator may send it"
    if capability.missing(known, action, request):
        return f"the station said that it does not support {action}; an operator may try again"
    return None
