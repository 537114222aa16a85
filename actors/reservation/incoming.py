"""ReservationStatusUpdate: a station lets go of what it held (OCPP 2.0.1 Part 2, H04; 2.1 adds NoTransaction)."""

from typing import Final

from actors.records import ReservationRecord
from actors.station.heard import EMPTY, Heard, Incoming
from actors.station.work import Work
from protocol.events.reservations import ReservationCancelled, ReservationExpired
from protocol.events.types import make
from protocol.ocpp import neutral

_ENDS: Final = {
    "Expired": ("expired", None),
    "Removed": ("removed", "the station took it back: its EVSE is faulted or out of service"),
    "NoTransaction": ("removed", "who it was for came, but no transaction began"),
}


def _updated(work: Work, heard: Heard) -> neutral.Reply:
    told = heard.json
    work.report(heard.station, heard.action, told)
    status, detail = _ENDS.get(told["reservationUpdateStatus"], ("removed", str(told["reservationUpdateStatus"])))
    number, who = told["reservationId"], heard.station
    work.records.append(ReservationRecord(number, status, work.received(), detail=detail))
    if status == "expired":
        work.event(make(ReservationExpired(station_id=who.id, station=who.identity, number=number)))
    else:
        over = ReservationCancelled(
            station_id=who.id, station=who.identity, number=number, by="station", detail=detail
        )
        work.event(make(over))
    return EMPTY


INCOMING: Final[Incoming] = {"ReservationStatusUpdate": _updated}
