"""Stations that are let in with an expired certificate because an operator said so (OCPP 2.0.1 Part 2, A00.FR.429),
and stations whose certificate is for another serial number.

The former are Pending whatever else is set, and asked for a new certificate at once (A02). Pure.
"""

from typing import Final

from actors.station.who import Station
from actors.station.work import Work
from protocol.events.security import SecurityEvent
from protocol.events.types import make

RENEW: Final = "renew-expired-certificate"
BAD: Final = "InvalidChargingStationCertificate"


def boot_answer(station: Station, answer: str) -> str:
    """The answer to its boot: Pending in place of Accepted."""
    return "pending" if station.restricted is not None and answer == "accepted" else answer


def wrong_serial(station: Station, work: Work, told: str | None) -> str | None:
    """Why a station may not stay: its serial number is not the name in its certificate (B01.FR.11, B01.FR.12).

    A station that tells no serial number has none to compare.
    """
    name = station.certified
    if name is None or told is None or told.casefold() == name.casefold():
        return None
    why = f"the serial number {told!r} is not the name in its certificate, {name!r}"
    work.event(
        make(
            SecurityEvent(
                station_id=station.id, station=station.identity, event=BAD, critical=True, source="platform", info=why
            )
        )
    )
    return why


def connected(station: Station, work: Work) -> None:
    """Told as a security event (A00.FR.408), and renewed by a job."""
    if station.restricted is None:
        return
    work.event(
        make(
            SecurityEvent(
                station_id=station.id, station=station.identity, event=BAD, critical=True, source="platform",
                info=station.restricted,
            )
        )
    )  # fmt: skip
    work.job(RENEW, {"asked": 0}, key=str(station.id))
