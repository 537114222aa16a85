"""Events about charging sessions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from protocol.events.base import (
    Charge,
    Connector,
    Energy,
    EventData,
    Evse,
    Export,
    Power,
    SessionId,
    StationId,
    StationName,
    Text,
    TransactionId,
    told,
)  # fmt: skip

_SESSION = {
    "session_id": "01930c20-1111-7c3e-9a55-3f1f0b6c2d11", "station_id": "01930c1e-7d5a-7c3e-9a55-3f1f0b6c2d11",
    "station": "CP001", "evse": 1, "connector": 1, "transaction_id": "4711",
}  # fmt: skip
TariffId = Annotated[Text, told("Id of the tariff that counts, where the station has told one (2.1).")]
Cost = Annotated[Text, told("What it costs as far as known: decimal number as text, taxes included.")]
Flags = Annotated[Sequence[str], told("What is unusual about the session, as its `flags` in the API.")]


class SessionBegan(EventData, frozen=True, kw_only=True, gc=False):
    """A session has begun: the first we know of a transaction."""

    type: ClassVar[str] = "voltyard.session.began.v1"
    subject: ClassVar[str] = "sessions/{session_id}"
    example: ClassVar[dict[str, Any]] = _SESSION | {
        "started_at": "2026-03-01T08:30:00.000Z", "token": "04A1B2C3", "token_type": "ISO14443",
        "remote_start_id": None, "flags": [],
    }  # fmt: skip

    session_id: SessionId
    station_id: StationId
    station: StationName
    started_at: Annotated[datetime, told("Start, by the station's clock as corrected by us.", tz=True)]
    evse: Evse = None
    connector: Connector = None
    transaction_id: TransactionId = None
    token: Annotated[Text, told("The id token that began it.")] = None
    token_type: Annotated[Text, told("Its type (2.x IdTokenEnumType).")] = None
    remote_start_id: Annotated[int | None, told("Our remote start that led to it.")] = None
    flags: Flags = ()


class SessionUpdated(EventData, frozen=True, kw_only=True, gc=False):
    """Something other than a reading has changed in a running session (charging state, token, connector …)."""

    type: ClassVar[str] = "voltyard.session.updated.v1"
    subject: ClassVar[str] = "sessions/{session_id}"
    example: ClassVar[dict[str, Any]] = _SESSION | {
        "at": "2026-03-01T08:40:00.000Z", "charging_state": "SuspendedEV", "energy_wh": 1820, "export_wh": None,
        "power_w": 0.0, "soc": 63.0, "token": "04A1B2C3", "trigger": "ChargingStateChanged",
        "tariff_id": "DAY-1", "total_cost": "0.82", "flags": [],
    }  # fmt: skip

    session_id: SessionId
    station_id: StationId
    station: StationName
    at: Annotated[datetime, told("When, by the station's clock as corrected by us.", tz=True)]
    evse: Evse = None
    connector: Connector = None
    transaction_id: TransactionId = None
    token: Annotated[Text, told("The id token it runs on.")] = None
    charging_state: Annotated[Text, told("2.x ChargingStateEnumType; for 1.6 derived from the connector.")] = None
    energy_wh: Energy = None
    export_wh: Export = None
    power_w: Power = None
    soc: Charge = None
    trigger: Annotated[Text, told("2.x TriggerReasonEnumType of what changed last.")] = None
    tariff_id: TariffId = None
    total_cost: Cost = None
    flags: Flags = ()


class SessionEnded(EventData, frozen=True, kw_only=True, gc=False):
    """A session has ended. Energies are final unless a later correction says otherwise."""

    type: ClassVar[str] = "voltyard.session.ended.v1"
    subject: ClassVar[str] = "sessions/{session_id}"
    example: ClassVar[dict[str, Any]] = _SESSION | {
        "started_at": "2026-03-01T08:30:00.000Z", "ended_at": "2026-03-01T09:45:00.000Z", "energy_wh": 21450,
        "export_wh": None, "stop_reason": "EVDisconnected", "token": "04A1B2C3", "tariff_id": "DAY-1",
        "total_cost": "9.65", "flags": [],
    }  # fmt: skip

    session_id: SessionId
    station_id: StationId
    station: StationName
    started_at: Annotated[datetime, told("Start, by the station's clock as corrected by us.", tz=True)]
    ended_at: Annotated[datetime, told("End, by the station's clock as corrected by us.", tz=True)]
    evse: Evse = None
    connector: Connector = None
    transaction_id: TransactionId = None
    token: Annotated[Text, told("The id token it ran on.")] = None
    energy_wh: Energy = None
    export_wh: Export = None
    stop_reason: Annotated[Text, told("Why it ended, in the words of the station's OCPP version.")] = None
    tariff_id: TariffId = None
    total_cost: Cost = None
    flags: Flags = ()


class SessionOrphaned(EventData, frozen=True, kw_only=True, gc=False):
    """A session that should have ended, and whose end the station never told us."""

    type: ClassVar[str] = "voltyard.session.orphaned.v1"
    subject: ClassVar[str] = "sessions/{session_id}"
    example: ClassVar[dict[str, Any]] = _SESSION | {
        "at": "2026-03-01T09:45:00.000Z", "reason": "another session began on the connector", "energy_wh": 21450,
        "export_wh": None, "flags": [],
    }  # fmt: skip

    session_id: SessionId
    station_id: StationId
    station: StationName
    at: Annotated[datetime, told("When we took it for orphaned, by the station's clock as corrected by us.", tz=True)]
    evse: Evse = None
    connector: Connector = None
    transaction_id: TransactionId = None
    reason: Annotated[Text, told("What told us.")] = None
    energy_wh: Energy = None
    export_wh: Export = None
    flags: Flags = ()


class SessionReopened(EventData, frozen=True, kw_only=True, gc=False):
    """An ended or orphaned session goes on: the station has sent more of it."""

    type: ClassVar[str] = "voltyard.session.reopened.v1"
    subject: ClassVar[str] = "sessions/{session_id}"
    example: ClassVar[dict[str, Any]] = _SESSION | {
        "at": "2026-03-01T09:50:00.000Z", "reason": "readings after the session was orphaned", "flags": [],
    }  # fmt: skip

    session_id: SessionId
    station_id: StationId
    station: StationName
    at: Annotated[datetime, told("When, by the station's clock as corrected by us.", tz=True)]
    evse: Evse = None
    connector: Connector = None
    transaction_id: TransactionId = None
    reason: Annotated[Text, told("What told us.")] = None
    flags: Flags = ()


class SessionMeasured(EventData, frozen=True, kw_only=True, gc=False):
    """The newest values of a running session, for the live feed alone.

    Ephemeral: sent as readings arrive, the newest wins, never in the outbox, in `/events` or in Kafka. What must not be
    missed is in the meter values of the session.
    """

    type: ClassVar[str] = "voltyard.session.measured.v1"
    subject: ClassVar[str] = "sessions/{session_id}"
    ephemeral: ClassVar[bool] = True
    example: ClassVar[dict[str, Any]] = {
        "session_id": _SESSION["session_id"], "station_id": _SESSION["station_id"], "at": "2026-03-01T08:40:00.000Z",
        "energy_wh": 1820, "export_wh": None, "power_w": 7360.5, "soc": 63.0,
    }  # fmt: skip

    session_id: SessionId
    station_id: StationId
    at: Annotated[datetime, told("Time of the newest reading, by the station's clock as corrected by us.", tz=True)]
    energy_wh: Energy = None
    export_wh: Export = None
    power_w: Power = None
    soc: Charge = None


class UnmatchedRecorded(EventData, frozen=True, kw_only=True, gc=False):
    """A station told us of a transaction that we know no beginning of; kept until the session turns up."""

    type: ClassVar[str] = "voltyard.transaction.unmatched.v1"
    subject: ClassVar[str] = "stations/{station_id}"
    example: ClassVar[dict[str, Any]] = {
        "unmatched_id": "01930c20-2222-7c3e-9a55-3f1f0b6c2d11", "station_id": _SESSION["station_id"],
        "station": "CP001", "kind": "stop", "transaction_id": "4711",
    }  # fmt: skip

    unmatched_id: Annotated[UUID, told("The row in the ledger of unmatched transactions.")]
    station_id: StationId
    station: StationName
    kind: Annotated[str, told("What came: stop, update, end or meter.")]
    transaction_id: TransactionId = None


EVENTS: tuple[type[EventData], ...] = (
    SessionBegan, SessionUpdated, SessionEnded, SessionOrphaned, SessionReopened, SessionMeasured, UnmatchedRecorded,
)  # fmt: skip
