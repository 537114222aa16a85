"""What a dialect must offer: the station's occurrences as messages, and the platform's calls as answers."""

import enum
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

import attrs

from simulators.station.authority import TokenInfo
from simulators.station.outbox import JsonObject

if TYPE_CHECKING:
    from simulators.station.outlet import OutletState, Transaction
    from simulators.station.station import Station

Answered = Callable[[TokenInfo | None, datetime], None]


class Trigger(enum.StrEnum):
    """Why a transaction began, changed or ended (TriggerReasonEnumType of OCPP 2.x)."""

    PLUGGED = "CablePluggedIn"
    AUTHORIZED = "Authorized"
    REMOTE_START = "RemoteStart"
    STATE_CHANGED = "ChargingStateChanged"
    PERIODIC = "MeterValuePeriodic"
    TRIGGERED = "Trigger"
    STOP_AUTHORIZED = "StopAuthorized"
    REMOTE_STOP = "RemoteStop"
    DEPARTED = "EVDeparted"
    DEAUTHORIZED = "Deauthorized"
    RESET = "ResetCommand"
    UNLOCK = "UnlockCommand"
    ABNORMAL = "AbnormalCondition"
    DETECTED = "EVDetected"
    COMMUNICATION_LOST = "EVCommunicationLost"
    CONNECT_TIMEOUT = "EVConnectTimeout"
    RATE_CHANGED = "ChargingRateChanged"
    CLOCK = "MeterValueClock"
    SIGNED = "SignedDataReceived"
    LIMIT_SET = "LimitSet"
    COST_LIMIT = "CostLimitReached"
    ENERGY_LIMIT = "EnergyLimitReached"
    TIME_LIMIT = "TimeLimitReached"
    SOC_LIMIT = "SoCLimitReached"
    RUNNING_COST = "RunningCost"
    TARIFF_CHANGED = "TariffChanged"
    TARIFF_REFUSED = "TariffNotAccepted"
    OPERATION_MODE = "OperationModeChanged"
    RESUMED = "TxResumed"


class Reason(enum.Enum):
    """Why a transaction ended: the word of 1.6, the word of 2.x, and the trigger of the last event."""

    LOCAL = ("Local", "Local", Trigger.STOP_AUTHORIZED)
    REMOTE = ("Remote", "Remote", Trigger.REMOTE_STOP)
    DEPARTED = ("EVDisconnected", "EVDisconnected", Trigger.DEPARTED)
    DEAUTHORIZED = ("DeAuthorized", "DeAuthorized", Trigger.DEAUTHORIZED)
    SOFT_RESET = ("SoftReset", "ImmediateReset", Trigger.RESET)
    HARD_RESET = ("HardReset", "ImmediateReset", Trigger.RESET)
    UNLOCK = ("UnlockCommand", "Other", Trigger.UNLOCK)
    POWER_LOSS = ("PowerLoss", "PowerLoss", Trigger.ABNORMAL)
    FAULT = ("Other", "Other", Trigger.ABNORMAL)

    @property
    def v16(self) -> str:
        """The `reason` of StopTransaction."""
        return self.value[0]

    @property
    def v2(self) -> str:
        """The `stoppedReason` of TransactionEvent."""
        return self.value[1]

    @property
    def trigger(self) -> Trigger:
        """The `triggerReason` of the last TransactionEvent."""
        return self.value[2]


@attrs.frozen
class Refusal:
    """A call answered by a CALLERROR: NotImplemented (action unknown) or NotSupported (known, not supported)."""

    code: str
    description: str = ""


Handler = Callable[["Station", JsonObject, datetime], "JsonObject | Refusal"]


class Dialect(Protocol):
    """One family of messages. The methods that report put messages into the station's outbox."""

    handlers: dict[str, Handler]

    def boot(self, station: "Station", reason: str, not_before: datetime | None) -> None:
        """BootNotification."""

    def heartbeat(self, station: "Station") -> None:
        """Heartbeat."""

    def status(self, station: "Station", outlet: "OutletState | None", now: datetime) -> None:
        """The status of an outlet, or of the station itself where the version has such a thing."""

    def authorize(self, station: "Station", token: str, token_type: str, then: Answered) -> None:
        """Ask about a token; `then` gets None when there was no answer."""

    def began(self, station: "Station", outlet: "OutletState", transaction: "Transaction", trigger: Trigger,
              now: datetime) -> None:
        """A transaction began."""

    def updated(self, station: "Station", outlet: "OutletState", transaction: "Transaction", trigger: Trigger,
                now: datetime) -> None:
        """Something about a transaction changed, or it is time for meter values."""

    def advanced(self, station: "Station", outlet: "OutletState", transaction: "Transaction", now: datetime) -> None:
        """Time has passed for a transaction with a limit."""

    def ended(self, station: "Station", outlet: "OutletState", transaction: "Transaction", reason: Reason,
              now: datetime) -> None:
        """A transaction ended."""

    def reservation_over(self, station: "Station", number: int, why: str) -> None:
        """A reservation was let go of by the station itself: `Expired` or `Removed`, where the version tells that."""

    def meter_values(self, station: "Station", outlet: "OutletState", now: datetime) -> None:
        """Meter values outside a transaction, or because the platform asked for them."""


def moment(value: Any) -> datetime | None:
    """A date-time out of a decoded payload, text or already parsed; None when there is none."""
    if value is None or isinstance(value, datetime):
        return value
    return datetime.fromisoformat(str(value))
