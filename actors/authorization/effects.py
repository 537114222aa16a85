"""What follows from a verdict beside the answer: somebody unknown is kept, a refusal is told, a reservation is used."""

from actors.authorization.stale import lists_stale
from actors.ports import Weighed
from actors.records import ReservationRecord, TokenRecord
from actors.station.tokens import Start, used
from actors.station.who import Station
from actors.station.work import Work
from protocol.events.authorization import TokenCreated, TokenRefused
from protocol.events.reservations import ReservationUsed
from protocol.events.types import make
from protocol.ocpp.neutral import IdToken, TokenVerdict, TransactionHappened

LETTING_IN = "unknown, let in by the rules"
_NEW_TYPE = "ISO14443"  # what a 1.6 idTag most likely is


def presented(station: Station, work: Work, token: IdToken, verdict: TokenVerdict) -> None:
    """After every verdict on a token that a station has presented."""
    if verdict.create and token.uid.strip():
        _create(station, work, token)
    elif verdict.status != "accepted":
        told = None if token.type == "KeyCode" else token.uid  # key codes stay unsaid (C04.FR.04)
        work.event(
            make(
                TokenRefused(
                    station_id=station.id, station=station.identity, token=told, token_type=token.type,
                    status=verdict.status, reservation=verdict.reserved,
                )
            )
        )  # fmt: skip


def _create(station: Station, work: Work, token: IdToken) -> None:
    kind = token.type or _NEW_TYPE
    work.records.append(TokenRecord(work.new_id(), token.uid, kind, "accepted", LETTING_IN, work.received()))
    work.event(make(TokenCreated(station_id=station.id, station=station.identity, token=token.uid, token_type=kind)))
    lists_stale(work)


def reservation_used(station: Station, work: Work, message: TransactionHappened, weighed: Weighed) -> None:
    """A transaction consumes the reservation it was made for (OCPP 2.0.1 Part 2, H03.FR.09; 1.6, 5.13)."""
    session = next((number for kind, number in work.happened if kind == "began"), None)
    if session is None and (message.reservation_id is None or message.kind == "began"):
        return  # nothing new: a repeated start has used it already
    at, _ = work.corrected(message.at)
    start = Start(at, message.evse, message.transaction_id, message.reservation_id)
    number = used(message.token, weighed, start)
    if number is None:
        return
    work.records.append(ReservationRecord(number, "used", work.received(), session_id=session))
    work.event(
        make(
            ReservationUsed(station_id=station.id, station=station.identity, number=number, session_id=session)
        )
    )

