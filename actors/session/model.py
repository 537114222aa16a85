"""A charging session as the actor holds it, and what can happen to it.

A session is derived from its facts alone: `derive.apply(session, fact)` is the one way it changes, live and when it
is rebuilt. Facts of one station carry strictly rising `received_at`, so their order is known for ever.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal
from uuid import UUID

import msgspec

from actors.session.details import NONE, Details
from actors.session.energy import Energy

Status = Literal["active", "ended", "orphaned"]
FactKind = Literal["began", "suspended", "resumed", "ended", "reopened", "orphaned", "corrected"]

SUSPENDED_STATES: Final = frozenset(("SuspendedEV", "SuspendedEVSE"))


class Flag:
    """Why somebody may want to look at a session; stable names, shown in the API."""

    START_MISSING = "start_missing"
    STOP_MISSING = "stop_missing"
    SEQUENCE_GAP = "sequence_gap"
    REGISTER_RESET = "register_reset"
    METER_BACKWARDS = "meter_backwards"
    READING_AFTER_STOP = "reading_after_stop"
    OUT_OF_ORDER = "reading_out_of_order"
    CLOCK_CORRECTED = "clock_corrected"
    MATCHED_BY_CONTENT = "matched_by_content"
    REOPENED = "reopened"
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a flag's name
    ENERGY_IMPLAUSIBLE = "energy_implausible"
    STOP_CHANGED = "stop_changed"
    RESERVED_FOR_OTHERS = "reserved_for_others"
    POWER_IMPLAUSIBLE = "power_implausible"
    RESUMED = "resumed"
    OFFLINE = "offline"
    MESSAGES_LOST = "messages_lost"
    LIMIT_REACHED = "limit_reached"


class Measured(msgspec.Struct, frozen=True, gc=False):
    """A reading on its way into a session; times corrected. Stored as a row of meter_values."""

    received_at: datetime
    at: datetime
    import_wh: Decimal | None
    export_wh: Decimal | None
    power_w: float | None
    soc: float | None
    seq_no: int | None = None


class Fact(msgspec.Struct, frozen=True, gc=False):
    """A fact other than a reading. `data` is JSON-able; what each kind carries is said in facts.py."""

    kind: FactKind
    at: datetime
    received_at: datetime
    data: dict[str, Any]


class Session(msgspec.Struct, frozen=True):
    """The derived state. Times are corrected UTC, energies Decimal Wh."""

    id: UUID
    business_key: str
    began_received_at: datetime
    last_received_at: datetime
    started_at: datetime
    transaction_id: str | None = None
    evse: int | None = None
    connector: int | None = None
    token: str | None = None
    token_type: str | None = None
    status: Status = "active"
    charging_state: str | None = None
    ended_at: datetime | None = None
    imported: Energy = Energy()
    exported: Energy = Energy()
    power_w: float | None = None
    soc: float | None = None
    last_reading_at: datetime | None = None
    stop_reason: str | None = None
    remote_start_id: int | None = None
    flags: frozenset[str] = frozenset()
    seen: tuple[tuple[int, int], ...] = ()  # ranges of 2.x sequence numbers that have arrived
    meter_stop: Decimal | None = None
    details: Details = NONE
    row_at: datetime | None = None  # when its row was last written; no part of what is derived

    @property
    def open(self) -> bool:
        return self.status == "active"
