"""What must be looked up before a station's smart-charging message is answered. Pure.

`charging_plan` is the port of whoever plans charging: asked with a vehicle's needs, it answers `{"status": …}` with a
status of NotifyEVChargingNeedsResponse, and with Accepted the `profile` (OCPP) that is sent next, `pause_s` seconds
later. Until somebody plans, what the operator has given the transaction counts. The others read what we hold.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from actors.charging.transfers import may_use
from actors.ports import Consultation
from actors.session.model import Session
from actors.station.state import StationState
from actors.station.who import Station
from protocol.ocpp.given import given


def session_at(state: StationState, evse: int | None) -> Session | None:
    """The open session of an EVSE."""
    return next((each for each in state.sessions.values() if each.open and each.evse == evse), None)


def allowed(state: StationState, transfer: str, evse: int | None) -> bool:
    """False when the operator has set what those who charge there may use, and it is none of that."""
    session = session_at(state, evse)
    return may_use(state, None if session is None else session.token, transfer)


def _reported(station: Station, state: StationState, message: Any) -> Consultation:
    """What the report was asked for, and who set the profiles that it lists."""
    return Consultation("charging_report", {"request_id": message.payload.requestId})


def _needs(station: Station, state: StationState, message: Any) -> Consultation | None:
    needs = message.payload.chargingNeeds
    if not allowed(state, needs.requestedEnergyTransfer, message.payload.evseId):
        return None
    session = session_at(state, message.payload.evseId)
    about = {
        "evse": message.payload.evseId,
        "session": None if session is None else str(session.id),
        "transaction_id": None if session is None else session.transaction_id,
        "most_periods": given(message.payload.maxScheduleTuples),
        "needs": needs,
    }
    return Consultation("charging_plan", about)


def _scheduled(station: Station, state: StationState, message: Any) -> Consultation:
    session = session_at(state, message.payload.evseId)
    return Consultation(
        "charging_given", {"transaction_id": None if session is None else session.transaction_id}
    )


def _pulled(station: Station, state: StationState, message: Any) -> Consultation:
    return Consultation("dynamic_limit", {"profile": message.payload.chargingProfileId})


CONSULTED: Final[Mapping[str, Callable[[Station, StationState, Any], Consultation | None]]] = {
    "ReportChargingProfiles": _reported,
    "NotifyEVChargingNeeds": _needs,
    "NotifyEVChargingSchedule": _scheduled,
    "PullDynamicScheduleUpdate": _pulled,
}
