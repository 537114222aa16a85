"""One outlet as it stands: plug, permission, transaction, fault; and the status that follows from them."""

import enum
from collections.abc import Callable
from datetime import datetime

import attrs

from simulators.station.config import Outlet
from simulators.station.meter import Meter
from simulators.station.outbox import Done, Failure, JsonObject
from simulators.station.power import NO_FLOW, ChargingState, Flow
from simulators.station.vehicle import Vehicle


class Status(enum.StrEnum):
    """Connector statuses in the words of 1.6; 2.x folds those in between into Occupied."""

    AVAILABLE = "Available"
    PREPARING = "Preparing"
    CHARGING = "Charging"
    SUSPENDED_EV = "SuspendedEV"
    SUSPENDED_EVSE = "SuspendedEVSE"
    FINISHING = "Finishing"
    RESERVED = "Reserved"
    UNAVAILABLE = "Unavailable"
    FAULTED = "Faulted"


@attrs.frozen
class Permit:
    """Leave to charge, until `expires_s` of the station's own time if no car is plugged in by then."""

    token: str
    token_type: str
    expires_s: float
    remote_id: int | None = None
    remote: bool = False
    group: str | None = None


@attrs.frozen
class Reservation:
    """An outlet held for a token until a moment; `group` may charge, too."""

    id: int
    token: str
    until: datetime
    group: str | None = None


@attrs.define(eq=False)
class Transaction:
    """An open or ended transaction. `id` is our own in 2.x; in 1.6 it is the platform's and None until it answered."""

    evse: int
    permit: Permit
    meter_start: int
    started_at: datetime
    id: str | None = None
    sequence: int = 0
    charging_s: float = 0.0
    next_sample_s: float = 0.0
    refused: bool = False
    limit: JsonObject = attrs.Factory(dict)
    limited: bool = False  # a limit has been reached
    tariff: JsonObject | None = None
    info: JsonObject = attrs.Factory(dict)  # told once, with the next event's transactionInfo
    extra: JsonObject = attrs.Factory(dict)  # told once, with the next event
    signed: str | None = None  # goes with the next reading

    def next_sequence(self) -> int:
        """The number of the next transaction event, from 0 (OCPP 2.0.1 Part 2, E01.FR.07)."""
        number = self.sequence
        self.sequence += 1
        return number


@attrs.define(eq=False)
class OutletState:
    """What can change about an outlet."""

    outlet: Outlet
    meter: Meter = attrs.Factory(Meter)
    vehicle: Vehicle | None = None
    permit: Permit | None = None
    transaction: Transaction | None = None
    last_transaction: Transaction | None = None
    flow: Flow = NO_FLOW
    fault: str | None = None
    operative: bool = True
    reservation: Reservation | None = None
    reported: Status | None = None
    finished: bool = False
    priority: bool = False
    wished: JsonObject = attrs.Factory(dict)  # limits that go with the code to scan
    web_until: datetime | None = None  # kept for somebody who pays on the web

    @property
    def number(self) -> int:
        """The EVSE's number, from 1."""
        return self.outlet.number

    @property
    def status(self) -> Status:
        """The first row of the table below that applies."""
        return next(status for status, applies in RULES if applies(self))

    @property
    def charging_state(self) -> ChargingState:
        """The charging state of the transaction, for 2.x."""
        if self.vehicle is None:
            return ChargingState.IDLE
        if self.flow.state is ChargingState.IDLE:
            return ChargingState.EV_CONNECTED
        return self.flow.state


# The connector's state machine, read from top to bottom: the first row that applies is the status.
RULES: tuple[tuple[Status, Callable[[OutletState], bool]], ...] = (
    (Status.FAULTED, lambda s: s.fault is not None),
    (Status.CHARGING, lambda s: s.transaction is not None and s.flow.state is ChargingState.CHARGING),
    (Status.SUSPENDED_EVSE, lambda s: s.transaction is not None and s.flow.state is ChargingState.SUSPENDED_EVSE),
    (Status.SUSPENDED_EV, lambda s: s.transaction is not None),
    (Status.UNAVAILABLE, lambda s: not s.operative),
    (Status.PREPARING, lambda s: s.permit is not None),
    (Status.FINISHING, lambda s: s.vehicle is not None and s.finished),
    (Status.PREPARING, lambda s: s.vehicle is not None),
    (Status.RESERVED, lambda s: s.reservation is not None),
    (Status.AVAILABLE, lambda s: True),
)


def forget_when_lost(outlet: OutletState | None) -> Done:
    """For a status message: when the link was lost before its answer, the status counts as not said."""
    def done(answer: JsonObject | None, failure: Failure | None, now: datetime) -> None:
        if outlet is not None and failure is not None and failure.code == "Offline":
            outlet.reported = None
    return done
