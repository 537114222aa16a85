"""The event that tells others what happened to a session."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any
from uuid import UUID

from actors.session.model import Session
from protocol.events import types as events


def whole_wh(value: Decimal | None) -> int | None:
    """Energy as the API gives it: whole Wh, rounded once."""
    return None if value is None else int(value.quantize(Decimal(1), ROUND_HALF_EVEN))


def _shared(session: Session, station_id: UUID, station: str) -> dict[str, Any]:
    return {
        "session_id": session.id,
        "station_id": station_id,
        "station": station,
        "evse": session.evse,
        "connector": session.connector,
        "transaction_id": session.transaction_id,
        "flags": sorted(session.flags),
    }


def _energies(session: Session) -> dict[str, Any]:
    return {"energy_wh": whole_wh(session.imported.total), "export_wh": whole_wh(session.exported.total)}


def event(kind: str, session: Session, station_id: UUID, station: str) -> events.EventData:
    """The event for a fact of that kind (`measured`: the row was brought up to date after a reading)."""
    shared = _shared(session, station_id, station)
    if kind == "began":
        return events.SessionBegan(
            **shared,
            started_at=session.started_at,
            token=session.token,
            token_type=session.token_type,
            remote_start_id=session.remote_start_id,
        )
    if kind == "ended":
        return events.SessionEnded(
            **shared,
            **_energies(session),
            started_at=session.started_at,
            ended_at=session.ended_at or session.last_received_at,
            token=session.token,
            stop_reason=session.stop_reason,
            tariff_id=session.details.tariff_id,
            total_cost=session.details.total_cost,
        )
    at = session.last_reading_at or session.last_received_at
    if kind == "orphaned":
        return events.SessionOrphaned(
            **shared, **_energies(session), at=session.ended_at or at, reason=session.stop_reason
        )
    if kind == "reopened":
        return events.SessionReopened(**shared, at=at, reason="more of it has arrived")
    return events.SessionUpdated(
        **shared,
        **_energies(session),
        at=at,
        token=session.token,
        charging_state=session.charging_state,
        power_w=session.power_w,
        soc=session.soc,
        trigger=session.details.trigger,
        tariff_id=session.details.tariff_id,
        total_cost=session.details.total_cost,
    )
