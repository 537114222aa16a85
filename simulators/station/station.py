"""The station as a model: its state, its time and its link. No I/O and no clock; `now` and seconds are arguments.

Two kinds of time: `now` is the station's wall clock and goes into messages, heartbeats and retries; `seconds` is the
time of vehicles and meters, which a caller may let run faster, so that a night of charging fits into a minute.
"""

import heapq
import random
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from simulators.station import charging, settings
from simulators.station.authority import Authority
from simulators.station.config import VOLTAGE, StationConfig
from simulators.station.depot_state import Battery
from simulators.station.dialect import Dialect, Reason, Refusal, Trigger
from simulators.station.grid_state import GridState
from simulators.station.limits import (
    UNLIMITED,
    Limit,
    Profile,
    Purpose,
    external_limit,
    limit_now,
    priority_limit,
    station_limit,
)
from simulators.station.maintenance import Maintenance
from simulators.station.monitoring import Watch
from simulators.station.outbox import JsonObject, Outbox
from simulators.station.outlet import OutletState, Reservation
from simulators.station.power import ChargingState, Flow
from simulators.station.settings import Settings
from simulators.station.tariffs import Till

if TYPE_CHECKING:
    from simulators.station.certificates import Wallet

_STEP_S = 10.0
_NOTES = 50
_RETRY_BOOT_S = 30
_MOST_SENDS = 1000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Later = Callable[[datetime], None]


class Station:
    """One station's state. Inputs are methods; outputs are messages in `outbox` and the wishes named `wants_…`."""

    def __init__(self, config: StationConfig, dialect: Dialect, now: datetime) -> None:
        self.config = config
        self.dialect = dialect
        self.settings = Settings(config)
        self.authority = Authority()
        self.outbox = Outbox()
        self.outlets = {outlet.number: OutletState(outlet) for outlet in config.outlets}
        self.profiles: list[Profile] = []
        self.grid = GridState()
        self.slots: dict[int, Battery] = {}
        self.wallet: Wallet | None = None  # keys and certificates: certificates.wallet(station)
        self.random = random.Random(config.seed if config.seed is not None else config.identity)
        self.messages: dict[int, JsonObject] = {}  # on the display, by id
        self.maintenance = Maintenance()
        self.watch = Watch()
        self.sends: deque[tuple[str, JsonObject]] = deque(maxlen=_MOST_SENDS)  # unconfirmed messages (2.1)
        self.till = Till()
        self.notes: deque[str] = deque(maxlen=_NOTES)
        self.note_count = 0
        self.seconds = 0.0
        self.started_at = now
        self.online = False
        self.accepted = False
        self.operative = True
        self.wants_relink = False
        self.wants_reset: str | None = None
        self.boot_reason = "PowerUp"
        self.skip_boot = False
        self.clock_1970 = False
        self.zero_transaction_ids = False
        self.manners: frozenset[str] = frozenset()  # bad ones of its reports
        self.network_profiles: dict[int, JsonObject] = {}
        self._resumes = False
        self._booted = False
        self._next_heartbeat: datetime | None = None
        self._later: list[tuple[float, int, Later]] = []
        self._later_count = 0

    # -- the link ---------------------------------------------------------------------------------------------------

    def link_up(self, now: datetime) -> None:
        """The socket is open: boot when the station has just started, else only say what has changed meanwhile."""
        self.online = True
        if self.skip_boot and not self._booted:
            self._booted = self.accepted = True
            self._plan_heartbeat(now)
        if not self._booted:
            self.dialect.boot(self, self.boot_reason, None)
            return
        self.accepted = True
        for outlet in self.outlets.values():
            if outlet.reported is not outlet.status:
                self.report(outlet, now)

    def link_down(self, now: datetime) -> None:
        """The socket is gone: transaction messages stay, the rest is dropped."""
        self.online = False
        for outlet in self.outlets.values():
            outlet.reported = None if not self._booted else outlet.reported
        self.outbox.lose_link(now)

    def boot_answered(self, status: str, interval: int, now: datetime) -> None:
        """The platform's word on the station: accepted, or to be asked again after `interval` seconds."""
        self.note(f"boot {status.lower()}")
        if status != "Accepted":
            self.accepted = False
            self.dialect.boot(self, self.boot_reason, now + timedelta(seconds=interval or _RETRY_BOOT_S))
            return
        self._booted = self.accepted = True
        if interval > 0:
            self.settings.put(settings.HEARTBEAT, str(interval))
        self._plan_heartbeat(now)
        self.dialect.status(self, None, now)
        for outlet in self.outlets.values():
            self.report(outlet, now)
            if self._resumes and outlet.transaction is not None:
                self.dialect.updated(self, outlet, outlet.transaction, Trigger.RESUMED, now)
        self._resumes = False

    def boot_failed(self, now: datetime) -> None:
        """No answer to the boot message: again after a while, on this link or the next."""
        if self.online:
            self.dialect.boot(self, self.boot_reason, now + timedelta(seconds=_RETRY_BOOT_S))

    def call(self, action: str, payload: JsonObject, now: datetime) -> JsonObject | Refusal:
        """Answer a call of the platform. What follows from it goes into the outbox, behind the answer."""
        handler = self.dialect.handlers.get(action)
        if handler is None:
            return Refusal("NotSupported", f"{action} is not supported by this station")
        try:
            return handler(self, payload, now)
        except ValueError as error:
            # A value that its type allows but this station cannot make sense of, such as a profile's purpose.
            return Refusal("PropertyConstraintViolation", str(error))

    @property
    def firmware(self) -> str:
        """The version it runs."""
        return self.maintenance.version or self.config.firmware

    @property
    def password(self) -> str | None:
        """The password for the next connection; None for none."""
        return self.settings.text(settings.PASSWORD) or None

    # -- reset ------------------------------------------------------------------------------------------------------

    def reset(self, kind: str, reason: Reason, boot_reason: str, now: datetime) -> None:
        """End what runs and start anew once that is said; kind "idle" waits for the last transaction to end,

        with "resume" those that run go on after the restart (OCPP 2.1 Part 2, B13).
        """
        self.wants_reset = kind
        self.boot_reason = boot_reason
        if kind not in ("idle", "resume"):
            for outlet in self.outlets.values():
                charging.stop(self, outlet, reason, now)

    def ready_to_reset(self) -> bool:
        """True when the restart may happen now."""
        busy = self.wants_reset != "resume" and any(outlet.transaction for outlet in self.outlets.values())
        return self.wants_reset is not None and not busy and (self.outbox.empty or not self.online)

    def restarted(self, now: datetime) -> None:
        """The controller starts anew: it must boot again; queue, meters, lists and installed profiles survive."""
        self._resumes = self.wants_reset == "resume"
        self.wants_reset = None
        self._booted = self.accepted = False
        self.started_at = now
        self.profiles = [p for p in self.profiles if p.purpose is not Purpose.TX]
        for outlet in self.outlets.values():
            outlet.reported = None
        self.note("restarted")

    # -- time -------------------------------------------------------------------------------------------------------

    def tick(self, now: datetime, seconds: float) -> None:
        """Let `seconds` of simulated time pass, ending at wall time `now`."""
        left = seconds
        while True:
            step = min(left, _STEP_S)
            self.seconds += step
            left -= step
            for outlet in self.outlets.values():
                charging.advance(self, outlet, step, now)
            self._run_later(now)
            if left <= 0:
                break
        if self.online and self.accepted and self._next_heartbeat is not None and now >= self._next_heartbeat:
            self.dialect.heartbeat(self)
            self._plan_heartbeat(now)

    def after(self, seconds: float, what: Later) -> None:
        """Do something after so much simulated time."""
        self._later_count += 1
        heapq.heappush(self._later, (self.seconds + seconds, self._later_count, what))

    def _run_later(self, now: datetime) -> None:
        while self._later and self._later[0][0] <= self.seconds:
            heapq.heappop(self._later)[2](now)

    def _plan_heartbeat(self, now: datetime) -> None:
        interval = self.settings.number(settings.HEARTBEAT)
        self._next_heartbeat = now + timedelta(seconds=interval) if interval > 0 else None

    # -- what others ask --------------------------------------------------------------------------------------------

    def report(self, outlet: OutletState, now: datetime) -> None:
        """Say the outlet's status now."""
        outlet.reported = outlet.status
        if self.online and self.accepted:
            self.dialect.status(self, outlet, now)

    def report_changes(self, outlet: OutletState, now: datetime) -> None:
        """Say a status that differs from the last one said. Offline nothing is said; the next link catches up."""
        if self.online and self.accepted and outlet.reported is not outlet.status:
            self.report(outlet, now)

    def limit(self, outlet: OutletState, now: datetime) -> Limit:
        """What this outlet may draw: its own profile, and its share of the station's cap."""
        transaction = outlet.transaction
        if transaction is not None and transaction.limited:
            return Limit(0.0, 0.0)
        started = transaction.started_at if transaction else None
        own = limit_now(self.profiles, outlet.number, transaction.id if transaction else None, now, started)
        if outlet.priority:
            own = priority_limit(self.profiles, outlet.number, now, started) or own
        own = own.tightened(external_limit(self.profiles, outlet.number, now))
        cap = station_limit(self.profiles, now, self.started_at)
        if cap is UNLIMITED:
            return own
        active = sum(1 for other in self.outlets.values() if other.transaction is not None)
        return own.tightened(cap.share(active))

    def suspend(self, outlet: OutletState) -> None:
        """No more energy flows at that outlet."""
        outlet.flow = Flow(ChargingState.SUSPENDED_EVSE, phases=outlet.flow.phases)

    def forget_reservation(self, outlet: OutletState, now: datetime) -> Reservation | None:
        """Drop an outlet's reservation and say so; the dropped one, or None."""
        dropped, outlet.reservation = outlet.reservation, None
        if dropped is not None:
            self.report_changes(outlet, now)
        return dropped

    def stamp(self, now: datetime) -> str:
        """The station's clock as text."""
        return self.clock(now).astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def clock(self, now: datetime) -> datetime:
        """The station's own time; told to misbehave it believes it is 1970."""
        return EPOCH + (now - self.started_at) if self.clock_1970 else now

    def rating_amps(self) -> float:
        """The station's whole supply in A per phase."""
        return sum(s.outlet.max_watts / (VOLTAGE * s.outlet.phases) for s in self.outlets.values())

    def note(self, text: str) -> None:
        """Keep a line for whoever watches."""
        self.notes.append(text)
        self.note_count += 1
