"""Whatever stations send, in whatever order: one session per reality, energy that readings show, and the same again."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from protocol.ocpp.version import Version
from tests.support.memory_world import MemoryWorld, at, token

Call = tuple[str, dict[str, Any]]
V2 = (Version.V201, Version.V21)
registers = st.integers(0, 5_000)
seconds = st.integers(0, 4_000)


# 1.6


def start16(connector: int, tag: str, meter: int, when: float) -> Call:
    return "StartTransaction", {
        "connectorId": connector, "idTag": tag, "meterStart": meter, "timestamp": at(when)
    }  # fmt: skip


def stop16(number: int, meter: int, when: float, tag: str | None = None) -> Call:
    payload: dict[str, Any] = {"transactionId": number, "meterStop": meter, "timestamp": at(when)}
    return "StopTransaction", payload | ({"idTag": tag} if tag else {})


def meter16(connector: int, number: int | None, meter: int, when: float) -> Call:
    sampled = [{"value": str(meter), "measurand": "Energy.Active.Import.Register", "unit": "Wh"}]
    payload: dict[str, Any] = {
        "connectorId": connector,
        "meterValue": [{"timestamp": at(when), "sampledValue": sampled}],
    }
    return "MeterValues", payload | ({"transactionId": number} if number is not None else {})


def status16(connector: int, status: str) -> Call:
    return "StatusNotification", {"connectorId": connector, "errorCode": "NoError", "status": status}


connectors = st.integers(0, 2)
numbers = st.sampled_from((-1, 0, 1, 2, 3, 4, 77))
tags = st.sampled_from(("CAFE", "cafe", "BEEF"))
anything16 = st.one_of(
    st.builds(start16, st.integers(1, 2), tags, registers, seconds),
    st.builds(stop16, numbers, registers, seconds, st.none() | tags),
    st.builds(meter16, connectors, st.none() | numbers, registers, seconds),
    st.builds(status16, connectors, st.sampled_from(("Available", "Preparing", "Charging", "SuspendedEV", "Faulted"))),
)
Step = Call | str | int
others = st.one_of(st.just("restart"), st.integers(0, 30), st.sampled_from((301.0, 2_000.0)))


def play(world: MemoryWorld, steps: list[Any]) -> None:
    """A call is told, an int says which earlier one comes again, "restart" kills the process, a float is time."""
    told: list[tuple[Call, Any]] = []
    for step in steps:
        if step == "restart":
            world.restart()
        elif isinstance(step, float):
            world.time_passes(step)
        elif isinstance(step, int):
            if told:
                call, answer = told[step % len(told)]
                again = world.tell(*call)
                if call[0] == "StartTransaction":
                    assert again == answer
        else:
            told.append((step, world.tell(*step)))
        world.check()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(anything16, anything16, anything16, others), max_size=25))
def test_whatever_a_station_of_1_6_tells_the_sessions_hold_together(steps: list[Any]) -> None:
    play(MemoryWorld(Version.V16, tokens=[token("CAFE")]), steps)


@st.composite
def charges(draw: st.DrawFn) -> list[tuple[int, str, list[tuple[float, int]]]]:
    """What really happened: (connector, tag, [(time, register) …]), one after the other."""
    clock, meters, made = 0.0, {1: 1000, 2: 5000}, []
    for _ in range(draw(st.integers(1, 4))):
        connector = draw(st.integers(1, 2))
        points = []
        for _ in range(draw(st.integers(2, 5))):
            points.append((clock, meters[connector]))
            clock += draw(st.integers(1, 900))
            meters[connector] += draw(st.integers(0, 4000))
        made.append((connector, draw(tags), points))
    return made


@settings(max_examples=100, deadline=None)
@given(charges(), st.randoms(use_true_random=False))
def test_1_6_replays_and_restarts_leave_one_session_a_charge_with_its_energy(charges: Any, chance: Any) -> None:
    world = MemoryWorld(Version.V16, tokens=[token("CAFE")])
    world.now += timedelta(hours=6)

    def tell(call: Call) -> Any:
        answers = []
        for _ in range(chance.choice((1, 1, 2, 3))):
            answers.append(world.tell(*call))
            if chance.random() < 0.2:
                world.restart()
        assert all(answer == answers[0] for answer in answers)
        world.check()
        return answers[0]

    for connector, tag, points in charges:
        (began, first), (ended, last) = points[0], points[-1]
        number = tell(start16(connector, tag, first, began))["transactionId"]
        assert 0 < number < 2**31
        for when, meter in points[1:-1]:
            tell(meter16(connector, chance.choice((number, None)), meter, when))
        tell(stop16(number, last, ended, tag))
    rows = sorted(world.rows().values(), key=lambda row: row.started_at)
    assert [(r.evse, r.status, r.import_milli_wh, r.flags) for r in rows] == [
        (connector, "ended", (points[-1][1] - points[0][1]) * 1000, [] if tag.lower() == "cafe" else ["token_refused"])
        for connector, tag, points in charges
    ]


# 2.x


def event2(kind: str, number: str, seq: int, when: float, **more: Any) -> Call:
    payload: dict[str, Any] = {
        "eventType": kind, "timestamp": at(when), "triggerReason": more.pop("trigger", "MeterValuePeriodic"),
        "seqNo": seq, "transactionInfo": {"transactionId": number} | more.pop("info", {}),
    }  # fmt: skip
    if (meter := more.pop("meter", None)) is not None:
        payload["meterValue"] = [{"timestamp": at(when), "sampledValue": [{"value": meter}]}]
    if (evse := more.pop("evse", None)) is not None:
        payload["evse"] = {"id": evse, "connectorId": 1}
    if (tag := more.pop("tag", None)) is not None:
        payload["idToken"] = {"idToken": tag, "type": "ISO14443"}
    return "TransactionEvent", payload | more


states = st.sampled_from(({}, {"chargingState": "Charging"}, {"chargingState": "SuspendedEV"}))
anything2 = st.one_of(
    st.builds(
        event2, st.sampled_from(("Started", "Updated", "Ended")), st.sampled_from(("0", "-1", "", "tx-abcdef", "1")),
        st.sampled_from((0, 0, 1, 2, 3, 9)), seconds, meter=st.none() | registers,
        evse=st.none() | st.integers(1, 2), tag=st.none() | tags, info=states, offline=st.booleans(),
    ),
    st.builds(
        lambda evse, meter, when: (
            "MeterValues",
            {"evseId": evse, "meterValue": [{"timestamp": at(when), "sampledValue": [{"value": meter}]}]},
        ),
        connectors, registers, seconds,
    ),
    st.builds(
        lambda evse, status, when: (
            "StatusNotification",
            {"evseId": evse, "connectorId": 1, "connectorStatus": status, "timestamp": at(when)},
        ),
        connectors, st.sampled_from(("Available", "Occupied")), seconds,
    ),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(V2), st.lists(st.one_of(anything2, anything2, anything2, others), max_size=25))
def test_whatever_a_station_of_2_x_tells_the_sessions_hold_together(version: Version, steps: list[Any]) -> None:
    play(MemoryWorld(version, tokens=[token("CAFE")]), steps)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(V2), st.integers(1, 6), st.booleans(), st.randoms(use_true_random=False), st.data())
def test_2_x_events_in_any_order_and_number_give_one_session_with_its_energy(
    version: Version, updates: int, loses: bool, chance: Any, data: Any
) -> None:
    reason = {"stoppedReason": "EVDisconnected"}
    meters = sorted(data.draw(st.lists(registers, min_size=updates + 2, max_size=updates + 2)))
    told = [
        event2(
            "Started" if n == 0 else "Ended" if n == updates + 1 else "Updated", "tx-abcdef", n, n * 60.0, evse=1,
            tag="CAFE" if n == 0 else None, meter=meter, info=reason if n > updates else {},
        )
        for n, meter in enumerate(meters)
    ]  # fmt: skip
    lost = chance.randrange(1, updates + 1) if loses else None
    arriving = [call for n, call in enumerate(told) if n != lost for _ in range(chance.choice((1, 1, 2)))]
    chance.shuffle(arriving)
    world = MemoryWorld(version, tokens=[token("CAFE")])
    world.now = world.now.replace(hour=13)
    for call in arriving:
        world.tell(*call)
        if chance.random() < 0.2:
            world.restart()
        world.check()
    row = world.row()
    assert (row.status, row.evse, row.token, row.stop_reason) == ("ended", 1, "CAFE", "EVDisconnected")
    assert row.import_milli_wh == (meters[-1] - meters[0]) * 1000
    assert ("sequence_gap" in row.flags) == (lost is not None)
    assert "start_missing" not in row.flags
    assert (row.started_at.isoformat(), row.ended_at and row.ended_at.isoformat()) == (
        at(0).replace(".000Z", "+00:00"),
        at((updates + 1) * 60).replace(".000Z", "+00:00"),
    )


# The same charge in three tongues


def told_in(version: Version) -> MemoryWorld:
    world = MemoryWorld(version, tokens=[token("CAFE")])
    world.now += timedelta(hours=1)
    if version is Version.V16:
        number = world.tell(*start16(1, "CAFE", 1000, 0))["transactionId"]  # type: ignore[index]
        world.tell(*meter16(1, number, 3500, 600))
        world.tell(*status16(1, "SuspendedEV"), after=900)
        world.tell(*status16(1, "Charging"), after=60)
        world.tell(*stop16(number, 9000, 1800, "CAFE"))
        return world
    first, last = {"evse": 1, "tag": "CAFE"}, {"stoppedReason": "Local"}
    world.tell(*event2("Started", "t-1", 0, 0, meter=1000, info={"chargingState": "Charging"}, **first))
    world.tell(*event2("Updated", "t-1", 1, 600, meter=3500))
    suspended = {"chargingState": "SuspendedEV"}
    world.tell(*event2("Updated", "t-1", 2, 900, trigger="ChargingStateChanged", info=suspended), after=900)
    charging = {"chargingState": "Charging"}
    world.tell(*event2("Updated", "t-1", 3, 960, trigger="ChargingStateChanged", info=charging), after=60)
    world.tell(*event2("Ended", "t-1", 4, 1800, meter=9000, info=last, trigger="StopAuthorized"))
    return world


def test_the_same_charge_told_in_every_version_gives_the_same_session() -> None:
    def gist(version: Version) -> tuple[Any, ...]:
        world = told_in(version)
        world.check()
        row = world.row()
        kinds = [kind for kind in world.kinds(row) if kind != "corrected"]
        shape = (row.evse, row.connector, row.token, row.status, row.started_at, row.ended_at, row.stop_reason)
        return (kinds, *shape, row.import_milli_wh, row.flags)

    assert gist(Version.V16) == gist(Version.V201) == gist(Version.V21)
    assert gist(Version.V16)[0] == ["began", "suspended", "resumed", "ended"]
    assert gist(Version.V16)[-2] == 8_000_000
