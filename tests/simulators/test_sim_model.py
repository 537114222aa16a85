"""The parts of the station's model by themselves: power, limits, outbox, settings, authority."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.ocpp.version import Version
from simulators.station import charging, limits, outbox, settings
from simulators.station.authority import Authority, TokenInfo
from simulators.station.config import Outlet, StationConfig, make_outlets
from simulators.station.limits import Kind, Limit, Period, Profile, Purpose
from simulators.station.meter import Meter
from simulators.station.outbox import Failure, Lane, Outbox, Outgoing
from simulators.station.power import ChargingState, flow_now
from simulators.station.settings import Change, Settings
from simulators.station.vehicle import Vehicle
from tests.support.sim_bench import Bench

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def _profile(number: int, limit: float, **more: object) -> Profile:
    plain = Profile(id=number, evse=1, stack_level=0, purpose=Purpose.TX_DEFAULT, kind=Kind.ABSOLUTE, unit="A",
                    periods=(Period(0, limit),), start=NOW)
    return attrs.evolve(plain, **more)  # type: ignore[arg-type]


@given(soc=st.floats(0, 100), amps=st.floats(0, 100), watts=st.floats(0, 300_000), phases=st.sampled_from([1, 2, 3]),
       dc=st.booleans())
def test_flow_never_exceeds_vehicle_outlet_or_limit(soc: float, amps: float, watts: float, phases: int,
                                                    dc: bool) -> None:
    outlet = Outlet(1, max_amps=32, max_watts=150_000 if dc else 22_080, dc=dc)
    flow = flow_now(outlet, Vehicle(soc=soc, phases=phases), Limit(amps, watts))
    assert 0 <= flow.watts <= watts + 1e-6
    assert flow.watts <= (150_000 if dc else 22_080)
    if not dc:
        assert flow.amps <= amps + 1e-9
        assert flow.amps == 0 or flow.amps >= 6
        assert flow.watts == pytest.approx(flow.amps * 230 * flow.phases)
    assert (flow.watts > 0) is (flow.state is ChargingState.CHARGING)


def test_the_taper_starts_at_eighty_percent_and_ends_at_the_target() -> None:
    powers = [Vehicle(soc=soc).wish_watts(dc=True) for soc in (20, 80, 90, 99, 100)]
    assert powers == [150_000, 150_000, 75_000, 15_000, 0]
    assert Vehicle(soc=80, target_soc=80).wish_watts(dc=True) == 0


@given(st.lists(st.tuples(st.floats(0, 350_000), st.floats(0, 3600)), max_size=30))
def test_the_meter_is_exact_and_never_falls(parts: list[tuple[float, float]]) -> None:
    meter = Meter()
    before = Decimal(0)
    for watts, seconds in parts:
        meter.add(watts, seconds)
        assert meter.register_wh >= before
        before = meter.register_wh
    assert float(meter.register_wh) == pytest.approx(sum(w * s for w, s in parts) / 3600)


def test_recurring_relative_and_validity() -> None:
    daily = _profile(1, 8, kind=Kind.RECURRING, recurrency="Daily", duration=3600)
    at = [limits.limit_now([daily], 1, None, NOW + timedelta(hours=h), None).amps for h in (0, 2, 24, 25, 48)]
    assert at == [8, None, 8, None, 8]
    relative = _profile(2, 7, kind=Kind.RELATIVE, start=None, purpose=Purpose.TX, periods=(Period(0, 7), Period(60, 9)))
    later = [limits.limit_now([relative], 1, "t", NOW + timedelta(seconds=s), NOW).amps for s in (0, 59, 60)]
    assert later == [7, 7, 9]
    dated = _profile(3, 6, valid_from=NOW + timedelta(hours=1), valid_to=NOW + timedelta(hours=2))
    hours = [limits.limit_now([dated], 1, None, NOW + timedelta(hours=h), None).amps for h in (0, 1, 2)]
    assert hours == [None, 6, None]


def test_a_transaction_profile_of_another_transaction_does_not_count() -> None:
    other = _profile(1, 7, purpose=Purpose.TX, transaction="other")
    assert limits.limit_now([other, _profile(2, 12)], 1, "mine", NOW, NOW).amps == 12


def test_a_profile_replaces_the_same_id_and_the_same_place() -> None:
    held = limits.install([_profile(1, 8)], _profile(2, 9))
    assert [profile.id for profile in held] == [2]
    held = limits.install(held, _profile(3, 10, stack_level=1))
    assert [profile.id for profile in held] == [2, 3]
    held = limits.install(held, _profile(2, 11, evse=2))
    assert [(profile.id, profile.evse) for profile in held] == [(3, 1), (2, 2)]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(6, 32), st.integers(60, 3000)), min_size=1, max_size=5))
def test_the_composite_schedule_says_what_the_limits_say(raw: list[tuple[int, int, int]]) -> None:
    held: list[Profile] = []
    for number, (level, amps, duration) in enumerate(raw):
        held = limits.install(held, _profile(number, amps, stack_level=level, duration=duration))
    def limit_at(when: datetime) -> Limit:
        return limits.limit_now(held, 1, None, when, None)
    steps = limits.composite(limit_at, limits.edges(held, NOW, 3600, None), NOW, 3600, "A", 32, 3, 230)
    for second in range(0, 3600, 97):
        current = [step for step in steps if step.start <= second][-1]
        assert current.limit == min(32, limit_at(NOW + timedelta(seconds=second)).amps or 32)


def _message(name: str, lane: Lane = Lane.PLAIN, *, droppable: bool = False) -> Outgoing:
    return Outgoing(name, dict, lane, droppable=droppable)


def test_the_outbox_keeps_order_and_sends_boot_first() -> None:
    box = Outbox()
    for name, lane in (("a", Lane.PLAIN), ("b", Lane.TRANSACTION), ("c", Lane.PLAIN), ("boot", Lane.BOOT)):
        box.put(_message(name, lane))
    taken = []
    assert box.take(NOW, accepted=False) is not None
    assert box.take(NOW, accepted=False) is None
    while (message := box.take(NOW, accepted=True)) is not None:
        taken.append(message.action)
    assert taken == ["a", "b", "c"]
    assert box.empty


def test_the_outbox_loses_plain_messages_with_the_link_and_tells_them() -> None:
    box = Outbox()
    told: list[Failure | None] = []
    plain = _message("a")
    plain.done = lambda answer, failure, now: told.append(failure)
    box.put(plain)
    box.put(_message("b", Lane.TRANSACTION))
    box.lose_link(NOW)
    assert told == [Failure("Offline")]
    assert box.waiting_transactions == 1


def test_a_full_outbox_drops_meter_values_and_never_a_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "MOST_TRANSACTION", 3)
    box = Outbox()
    for name in ("start", "meter1", "meter2", "meter3", "stop"):
        box.put(_message(name, Lane.TRANSACTION, droppable=name.startswith("meter")))
    taken = []
    while (message := box.take(NOW, accepted=True)) is not None:
        taken.append(message.action)
    assert taken == ["start", "meter3", "stop"]
    assert box.dropped == 2


@pytest.mark.parametrize("version", list(Version), ids=str)
def test_a_status_lost_with_the_link_is_said_again(version: Version) -> None:
    bench = Bench(version).connect()
    bench.deaf = True
    bench.plug()
    bench.disconnect()
    bench.deaf = False
    before = len(bench.calls)
    bench.connect()
    said = [payload for action, payload in bench.calls[before:] if action == "StatusNotification"]
    assert [payload.get("status", payload.get("connectorStatus")) for payload in said] == [
        "Preparing" if version is Version.V16 else "Occupied"]


def test_settings_refuse_what_is_not_of_their_type() -> None:
    held = Settings(StationConfig("CP1", Version.V16))
    row = held.by_key("heartbeatinterval")
    assert row is settings.HEARTBEAT
    assert [held.change(row, value) for value in ("60", "-1", "soon", "99999999999")] == [
        Change.ACCEPTED, Change.REJECTED, Change.REJECTED, Change.REJECTED]
    assert held.number(settings.HEARTBEAT) == 60
    assert held.change(settings.PASSWORD, "short") is Change.REJECTED


def test_the_list_goes_before_the_cache_and_versions_must_rise() -> None:
    authority = Authority()
    authority.remember("T1", TokenInfo("Accepted"))
    authority.replace_list(5, {"t1": TokenInfo("Blocked")})
    assert authority.known("T1") == TokenInfo("Blocked")
    assert not authority.update_list(5, {"t1": None})
    assert authority.update_list(6, {"T1": None})
    assert authority.known("t1") == TokenInfo("Accepted")
    assert not TokenInfo("Accepted", expires_at=NOW).accepted(NOW)


def test_impossible_wishes_say_why() -> None:
    bench = Bench(Version.V16, 1).connect()
    with pytest.raises(charging.NotPossible, match="there is no EVSE 4; there are 1"):
        bench.plug(4)
    with pytest.raises(charging.NotPossible, match="has no vehicle"):
        bench.unplug()
    bench.plug()
    with pytest.raises(charging.NotPossible, match="already has a vehicle"):
        bench.plug()
    with pytest.raises(ValueError, match="at least one EVSE"):
        make_outlets(0)
