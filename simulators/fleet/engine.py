"""The load engine: thousands of stations on one epoll loop in one thread. A library; the command line is `command`.

    engine = Engine(read_target("ws://127.0.0.1:9000/ocpp"), stations)
    storm = engine.connect_storm(deadline_s=60)             # all dial at once; until all are booted and answered
    result = engine.closed_loop(seconds=10, stations=50)    # each sends the next MeterValues on the last one's answer
    result = engine.paced(rate=500, seconds=10)             # so many MeterValues a second, spread over all
    engine.idle(seconds=5)                                  # only heartbeats, pings and answers to the platform's calls
    engine.drop_all(); engine.connect_storm(...)            # the whole fleet redials
    engine.close()

Calls of the platform are answered at any time, in every phase, with canned results (`payloads.answer`), so that a
command's round trip can be measured while load runs. The engine blocks its thread; run it in a process or thread of
its own. `counts` holds totals since the start, the results hold one phase.
"""

import random
import resource
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from typing import Any

import orjson

from simulators.fleet import frames, payloads
from simulators.fleet.figures import LoadResult, RoundTrips, StormResult
from simulators.fleet.member import FleetStation, Member, State, Target, Waiting
from simulators.fleet.wire import PORTS_PER_SOURCE, Wire, stamp_now

_LATE_ANSWERS_S = 5.0

Progress = Callable[["Engine"], None]


def raise_file_limit(wanted: int) -> int:
    """Raise the soft limit on open files towards `wanted`; the limit that holds now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return soft


class Engine(Wire):
    """Drives the stations. `heartbeats`: follow the interval of the boot answer. `reconnect`: dial again when a
    connection ends. `on_progress` is called about once a second from inside the phases.

    Raises ValueError when the machine cannot hold so many connections.
    """

    def __init__(self, target: Target, stations: Sequence[FleetStation], *, heartbeats: bool = True,
                 reconnect: bool = True, on_progress: Progress | None = None) -> None:
        limit = raise_file_limit(len(stations) + 200)
        if limit < len(stations) + 20:
            raise ValueError(f"{len(stations)} stations need as many open files, but only {limit} are allowed; "
                             "raise the hard limit (ulimit -Hn)")
        if len(stations) > PORTS_PER_SOURCE and not target.host.startswith("127."):
            raise ValueError(f"more than {PORTS_PER_SOURCE} stations need several source addresses, "
                             "which only 127.0.0.0/8 offers by itself")
        super().__init__(target, stations, reconnect=reconnect)
        self.round_trips = RoundTrips()
        self.skipped = 0
        self._heartbeats = heartbeats
        self._on_progress = on_progress
        self._next_progress = 0.0
        self._ids = random.randrange(1 << 24)
        self._loop_until = 0.0
        self._looping = False
        self._free: deque[Member] | None = None
        self._on_start_answered: Callable[[Member], None] | None = None
        self._boot_seconds = RoundTrips()
        self._storm_began = 0.0

    # -- phases -----------------------------------------------------------------------------------------------------

    def connect_storm(self, deadline_s: float = 120.0, connect_rate: float | None = None) -> StormResult:
        """Dial with every station that is not connected, all at once or `connect_rate` a second.

        Done when each one is booted and answered, or refused for good (HTTP 400, 401, 403, 404), or at the deadline.
        Refusals with 503 are dialled again after their Retry-After with jitter.
        """
        began = self._storm_began = time.perf_counter()
        self._boot_seconds = RoundTrips()
        dials, refusals = self.counts.dials, Counter(self.counts.refusals)
        self._dial_rate, self._dial_credit = connect_rate, 0.0
        self._dial.extend(member for member in self.members if member.state is State.IDLE)
        total = len(self.members)
        self._run(lambda: self.booted + self._refused >= total, began + deadline_s)
        return StormResult(
            stations=total, booted=self.booted, refused_for_good=self._refused, seconds=time.perf_counter() - began,
            complete=self.booted == total, dials=self.counts.dials - dials,
            refusals=dict(self.counts.refusals - refusals), boot_seconds=self._boot_seconds)

    def closed_loop(self, seconds: float, stations: int | None = None) -> LoadResult:
        """Every one of the first `stations` booted ones sends its next MeterValues when the last is answered."""
        chosen = [member for member in self.members if member.booted][:stations]
        return self._load(seconds, chosen, None)

    def paced(self, rate: float, seconds: float) -> LoadResult:
        """`rate` MeterValues a second in all, in turn over the stations that are free; those due when none is free are
        counted as skipped, so an overloaded platform shows and is not waited for."""
        chosen = [member for member in self.members if member.booted]
        random.shuffle(chosen)
        return self._load(seconds, chosen, rate)

    def idle(self, seconds: float) -> None:
        """Keep the connections: heartbeats, pongs, answers to calls, reconnects."""
        self._run(lambda: False, time.perf_counter() + seconds)

    def begin_transactions(self, token: str, deadline_s: float = 60.0, stations: int | None = None) -> int:
        """Begin a transaction on each booted station; later 1.6 MeterValues carry its id. How many have begun."""
        waiting: set[int] = set()
        begun = 0

        def answered(member: Member) -> None:
            nonlocal begun
            waiting.discard(member.index)
            begun += 1

        self._on_start_answered = answered
        stamp = stamp_now().decode()
        for member in [m for m in self.members if m.booted][:stations]:
            if member.waiting is Waiting.NOTHING:
                waiting.add(member.index)
                transaction = f"{member.station.identity[:20]}-{random.getrandbits(48):x}"
                action, payload = payloads.start_message(member.station.version, token, stamp, transaction)
                self._call(member, action, payload, Waiting.START)
        self._run(lambda: not waiting, time.perf_counter() + deadline_s)
        self._on_start_answered = None
        return begun

    def drop_all(self) -> None:
        """Break every connection at once, without a goodbye; `connect_storm` then redials them all."""
        reconnect, self._reconnect = self._reconnect, False
        for member in self.members:
            if member.state is not State.REFUSED:
                self._end(member, "dropped by us")
        self._dial.clear()
        self._reconnect = reconnect

    def close(self) -> None:
        """End everything; the engine cannot be used again."""
        self.drop_all()
        self._timers.clear()
        self._epoll.close()

    def _load(self, seconds: float, chosen: list[Member], rate: float | None) -> LoadResult:
        self.round_trips = RoundTrips()
        before = (self.counts.sent, self.counts.answered, self.counts.errors.total(), self.counts.lost)
        self.skipped = 0
        cpu = time.process_time()
        began = time.perf_counter()
        self._loop_until = began + seconds
        self._looping = rate is None
        for member in chosen:
            member.active = True
        self._stamp = stamp_now()
        if rate is None:
            for member in chosen:
                if member.waiting is Waiting.NOTHING:
                    self._send_meter(member)
            self._run(lambda: False, self._loop_until)
        else:
            self._free = deque(member for member in chosen if member.waiting is Waiting.NOTHING)
            self._run_paced(rate, began, seconds)
        took = time.perf_counter() - began
        in_time = self.round_trips.count
        self._looping = False
        for member in chosen:
            member.active = False
        self._run(lambda: all(m.waiting is not Waiting.METER for m in chosen), time.perf_counter() + _LATE_ANSWERS_S)
        self._free = None
        sent, _, errors, lost = before
        return LoadResult(
            seconds=took, sent=self.counts.sent - sent, answered=self.round_trips.count,
            errors=self.counts.errors.total() - errors, lost=self.counts.lost - lost, skipped=self.skipped,
            per_second=in_time / took, round_trips=self.round_trips, own_cpu_seconds=time.process_time() - cpu)

    def _run_paced(self, rate: float, began: float, seconds: float) -> None:
        done = 0
        total = int(rate * seconds)
        free = self._free
        while (now := time.perf_counter()) < began + seconds and free is not None:
            due = min(total, int((now - began) * rate)) - done
            for _ in range(due):
                done += 1
                if not self._send_next_free(free):
                    self.skipped += 1
            next_due = began + (done + 1) / rate
            self._turn(min(began + seconds, next_due))

    def _send_next_free(self, free: deque[Member]) -> bool:
        while free:
            member = free.popleft()
            if member.booted and member.waiting is Waiting.NOTHING:
                self._send_meter(member)
                return True
        return False

    # -- what is said -----------------------------------------------------------------------------------------------

    def _opened(self, member: Member) -> None:
        self._boot(member)

    def _turned(self, now: float) -> None:
        if self._on_progress is not None and now >= self._next_progress:
            self._next_progress = now + 1.0
            self._on_progress(self)

    def _text(self, member: Member, text: bytes) -> None:
        if text[:4] == b'[3,"' and member.waiting is not Waiting.NOTHING \
                and text[4:4 + payloads.ID_DIGITS] == member.message_id:
            self._answered(member, text)
            return
        frame = orjson.loads(text)
        if frame[0] == 2:
            self._answer_call(member, frame)
        elif member.waiting is not Waiting.NOTHING and str(frame[1]).encode() == member.message_id:
            if frame[0] == 3:
                self._answered(member, text)
            else:
                self._failed(member, str(frame[2]))
        else:
            self.counts.stray += 1

    def _answer_call(self, member: Member, frame: list[Any]) -> None:
        _, message_id, action, payload = frame
        result = payloads.answer(action, payload)
        reply = [4, message_id, "NotImplemented", "", {}] if result is None else [3, message_id, result]
        self.counts.calls_answered += 1
        self._send(member, frames.frame(orjson.dumps(reply)))

    def _next_id(self) -> bytes:
        self._ids = (self._ids + 1) & 0xFFFFFFFF
        return b"%08x" % self._ids

    def _call(self, member: Member, action: str, payload: object, waiting: Waiting) -> None:
        member.message_id = self._next_id()
        self._out(member, frames.frame(payloads.call_text(member.message_id, action, payload)), waiting)

    def _send_meter(self, member: Member) -> None:
        member.message_id = self._next_id()
        member.register += 1
        template = payloads.meter_template(member.station.version, member.transaction)
        data = template.fill(member.message_id, self._stamp, payloads.FIRST_REGISTER + member.register)
        self._out(member, data, Waiting.METER)

    def _out(self, member: Member, data: bytes, waiting: Waiting) -> None:
        member.waiting = waiting
        member.sent_at = time.perf_counter()
        self.counts.sent += 1
        self._send(member, data)

    def _boot(self, member: Member) -> None:
        self._call(member, "BootNotification", payloads.boot_payload(member.station.version), Waiting.BOOT)

    def _failed(self, member: Member, code: str) -> None:
        waiting, member.waiting = member.waiting, Waiting.NOTHING
        self.counts.errors[code] += 1
        if waiting is Waiting.BOOT:
            self._boot_later(member, 30.0)
        else:
            self._go_on(member)

    def _answered(self, member: Member, text: bytes) -> None:
        waiting, member.waiting = member.waiting, Waiting.NOTHING
        now = time.perf_counter()
        self.counts.answered += 1
        if waiting is Waiting.METER:
            self.round_trips.add(now - member.sent_at)
        elif waiting is Waiting.BOOT:
            self._boot_answered(member, orjson.loads(text)[2], now)
        elif waiting is Waiting.START:
            if member.station.version.value == "1.6":
                member.transaction = int(orjson.loads(text)[2]["transactionId"])
            if self._on_start_answered is not None:
                self._on_start_answered(member)
        self._go_on(member)

    def _go_on(self, member: Member) -> None:
        """After an answer: the next MeterValues in a closed loop, else back among the free."""
        if not member.active or not member.booted or member.waiting is not Waiting.NOTHING:
            return
        if self._looping:
            if time.perf_counter() < self._loop_until:
                self._send_meter(member)
        elif self._free is not None:
            self._free.append(member)

    def _boot_answered(self, member: Member, answer: dict[str, Any], now: float) -> None:
        if answer.get("status") != "Accepted":
            self._boot_later(member, float(answer.get("interval") or 30))
            return
        member.booted = True
        self.booted += 1
        self.counts.boots += 1
        self._boot_seconds.add(now - self._storm_began)
        interval = float(answer.get("interval") or 0)
        if self._heartbeats and interval > 0:
            member.heartbeat_s = interval
            self._plan_heartbeat(member, random.uniform(0.5, 1.0) * interval)

    def _boot_later(self, member: Member, seconds: float) -> None:
        generation = member.generation

        def boot() -> None:
            if member.generation == generation and member.state is State.OPEN and member.waiting is Waiting.NOTHING:
                self._boot(member)
        self._after(seconds, boot)

    def _plan_heartbeat(self, member: Member, seconds: float) -> None:
        generation = member.generation

        def beat() -> None:
            if member.generation != generation or member.state is not State.OPEN:
                return
            if member.waiting is Waiting.NOTHING:
                self._call(member, "Heartbeat", {}, Waiting.OTHER)
            self._plan_heartbeat(member, member.heartbeat_s)
        self._after(seconds, beat)
