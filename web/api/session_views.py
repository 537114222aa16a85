"""What a session's row says, as the API shows it."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from actors.session.details import Details, from_json
from protocol.ocpp.measurands import Value, values
from web.api.fields import Object


class Money(Struct, frozen=True, kw_only=True):
    """Decimal number as text; `currency` null where the station has not named one."""

    amount: str
    currency: str | None


class LimitView(Struct, frozen=True, kw_only=True):
    """When the station ends a session by itself (OCPP 2.1)."""

    max_cost: str | None
    max_energy_wh: float | None
    max_time_s: int | None
    max_soc: int | None


class SessionDetails(Struct, frozen=True, kw_only=True):
    """How a session runs and what it costs, as far as its station has told (nearly all of it 2.x).

    `trigger`: of the last event that changed something. `cost_details` as the station wrote them (2.1).
    `next_answer`: what the station is told with the answer to its next event.
    """

    trigger: str | None
    charging_seconds: int | None
    phases: int | None
    cable_max_current_a: int | None
    operation_mode: str | None
    preconditioning: str | None
    evse_sleep: bool | None
    offline: bool
    resumed: int
    reservation_id: int | None
    tariff_id: str | None
    total_cost: Money | None
    cost_details: Object | None
    settlement: Object | None
    limit: LimitView | None
    charging_priority: int | None
    next_answer: Object | None


def details_view(kept: Mapping[str, Any]) -> SessionDetails:
    """Of the row's `details`."""
    d = from_json(kept)
    return SessionDetails(
        trigger=d.trigger, charging_seconds=d.charging_seconds, phases=d.phases,
        cable_max_current_a=d.cable_max_current_a, operation_mode=d.operation_mode, preconditioning=d.preconditioning,
        evse_sleep=d.evse_sleep, offline=bool(d.offline), resumed=d.resumed, reservation_id=d.reservation_id,
        tariff_id=d.tariff_id, total_cost=_cost(d), cost_details=d.cost_details, settlement=d.settlement,
        limit=None if d.limit is None else limit_view(d.limit), charging_priority=d.priority, next_answer=d.wish,
    )  # fmt: skip


def _cost(details: Details) -> Money | None:
    if details.total_cost is None:
        return None
    told = (details.cost_details or {}).get("totalCost")
    currency = told.get("currency") if isinstance(told, Mapping) else None
    return Money(amount=details.total_cost, currency=currency)


def limit_view(limit: Mapping[str, Any]) -> LimitView:
    return LimitView(
        max_cost=limit.get("max_cost"), max_energy_wh=limit.get("max_energy_wh"), max_time_s=limit.get("max_time_s"),
        max_soc=limit.get("max_soc"),
    )


class ValueView(Struct, frozen=True, kw_only=True):
    """One measured value in base units: Wh, W, varh, var, VA, A, V, Hz, Celsius, Percent.

    `phase` null: the whole; `derived`: it is the sum of the phases, the station gives none itself. `value` null: no
    number, or signed data only.
    """

    measurand: str
    phase: str | None
    location: str
    context: str | None
    value: float | None
    unit: str | None
    signed: bool
    derived: bool


def value_views(sampled: Any, measurand: str | None, phase: str | None) -> list[ValueView]:
    """Of a sampledValue list as the station wrote it; narrowed where asked. `phase` "total": the whole alone."""
    found = values([sample for sample in sampled if isinstance(sample, dict)]) if isinstance(sampled, list) else []
    return [ValueView(**each._asdict()) for each in found if _wanted(each, measurand, phase)]


def _wanted(value: Value, measurand: str | None, phase: str | None) -> bool:
    if measurand is not None and value.measurand != measurand:
        return False
    return phase is None or value.phase == (None if phase == "total" else phase)
