"""What stations tell of firmware: each status a step of its update, by request id or the newest one. Pure.

OCPP 2.0.1 Part 2, L01.FR.01, L01.FR.10, L01.FR.20; L02; L03. OCPP 1.6, 4.5, and the security whitepaper, L01.
"""

from typing import Any, Final

from actors.firmware import ranks
from actors.firmware.objects import PUBLISHED, UPDATE
from actors.station.heard import EMPTY, Heard, Incoming
from actors.station.steps import Rank, changed, said_before, step
from actors.station.work import Work
from protocol.events.types import FirmwareProgressed, make
from protocol.ocpp import neutral


def _update(work: Work, heard: Heard) -> neutral.Reply:
    told = heard.json
    return _step(work, heard, UPDATE, told, ranks.of_update(told["status"]), {})


def _publish(work: Work, heard: Heard) -> neutral.Reply:
    """L03.FR.01, L03.FR.04: once published, the addresses from which stations may fetch it."""
    told = heard.json
    data = {"locations": told["location"]} if told.get("location") else {}
    return _step(work, heard, PUBLISHED, told, ranks.of_publishing(told["status"]), data)


def _step(
    work: Work, heard: Heard, kind: str, told: dict[str, Any], rank: Rank, data: dict[str, Any]
) -> neutral.Reply:
    status, number = told["status"], told.get("requestId")
    if said_before(work, f"{kind}/{number}", status):
        return EMPTY
    work.report(heard.station, heard.action, told, told=False)
    if status == "Idle":
        return EMPTY  # an answer to a trigger when nothing goes on (L01.FR.25)
    key = None if number is None else str(number)
    info = told.get("statusInfo")
    # Without a number it is the newest that was asked for; nobody asked: an update by somebody else, kept all the same.
    made = step(kind, key, status, rank, work.received(), info=info, data=data, otherwise=f"unasked-{work.new_id()}")
    station = heard.station
    progressed = FirmwareProgressed(
        station_id=station.id, station=station.identity, status=status, request_id=key, published=kind == PUBLISHED
    )
    work.records.append(made)
    work.event(make(progressed))
    work.records.append(changed(made, station, work.new_id))
    return EMPTY


INCOMING: Final[Incoming] = {
    "FirmwareStatusNotification": _update,
    "SignedFirmwareStatusNotification": _update,
    "PublishFirmwareStatusNotification": _publish,
}
