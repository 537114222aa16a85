"""What a session knows beyond place, time and energy: how it runs, what limits it, what it costs. Pure.

Facts carry changes of it in their data under `details`; `merged` applies them, live and when a session is derived
again. The row keeps it as JSON without what is not known.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec.structs import replace


class Details(msgspec.Struct, frozen=True, omit_defaults=True):
    """`trigger`: of the last event that changed something (2.x TriggerReasonEnumType).

    `limit`: what the station keeps to (`max_cost` decimal text, `max_energy_wh`, `max_time_s`, `max_soc`; 2.1, E16);
    `given_limit`: what we last told it of that.
    `cost_details`: CostDetailsType as the station sent it (2.1, I12); `total_cost`: what we know it costs, decimal
    text. `wish`: what the next answer to the station shall say (TransactionTold), `told`: what the answer to the
    event of number `told_at` said; that event may come again. `resumed`: how often it went on after the station lost
    power or was reset (E17). `rating_w`: what its EVSE can deliver, for judging readings.
    """

    trigger: str | None = None
    phases: int | None = None
    cable_max_current_a: int | None = None
    charging_seconds: int | None = None
    preconditioning: str | None = None
    evse_sleep: bool | None = None
    operation_mode: str | None = None
    tariff_id: str | None = None
    limit: dict[str, Any] | None = None
    given_limit: dict[str, Any] | None = None
    cost_details: dict[str, Any] | None = None
    total_cost: str | None = None
    priority: int | None = None
    wish: dict[str, Any] | None = None
    told: dict[str, Any] | None = None
    told_at: int | None = None
    settlement: dict[str, Any] | None = None
    offline: bool | None = None
    resumed: int = 0
    reservation_id: int | None = None
    rating_w: int | None = None


NONE: Final = Details()
_NAMES: Final = frozenset(Details.__struct_fields__)


def merged(details: Details, changes: Mapping[str, Any]) -> Details:
    """With the changes of a fact; None takes a value away. Names of a later version are left alone."""
    known = {name: value for name, value in changes.items() if name in _NAMES}
    return replace(details, **known) if known else details


def to_json(details: Details) -> dict[str, Any]:
    """As the row keeps it."""
    kept: dict[str, Any] = {} if details is NONE else msgspec.to_builtins(details)
    return kept


def from_json(kept: Mapping[str, Any]) -> Details:
    """The reverse of `to_json`; what cannot be read is not known."""
    if not kept:
        return NONE
    try:
        return msgspec.convert(dict(kept), Details)
    except msgspec.ValidationError:
        return NONE
