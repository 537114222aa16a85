"""How long an operator's raw command takes, through HTTP to the station and back, while stations send at half load."""

import http.client
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import orjson

from simulators.bench.child import BenchError
from simulators.bench.figures import Figure, figure
from simulators.bench.lab import ADMIN_TOKEN, Lab, Load, Subject
from simulators.bench.measure import connect
from simulators.fleet.figures import RoundTrips

_WARM = 20
_BODY = orjson.dumps({"key": ["HeartbeatInterval"]})
_HEADERS = {"Authorization": f"Bearer {ADMIN_TOKEN}", "Content-Type": "application/json"}


def take(lab: Lab, *, seconds: float, stations: int, say: Callable[[str], None]) -> dict[str, Any]:
    """One client on one connection that is kept open asks one station after the other."""
    fleet = lab.rows.add_stations(stations, "C-")
    lab.place_database(beside_subject=False)
    with lab.node() as subject, lab.load(subject, fleet) as load:
        connect(load, stations)
        full = float(load.do("closed_loop", seconds=max(2.0, seconds / 3))["per_second"])
        identities = [identity for identity, _ in fleet]
        idle = _ask_for(subject, identities, min(3.0, seconds))
        result: dict[str, Any] = {}
        sender = threading.Thread(target=lambda: result.update(_half(load, full / 2, seconds + 1)), daemon=True)
        sender.start()
        time.sleep(0.5)
        loaded = _ask_for(subject, identities, seconds)
        sender.join()
    if not result:
        raise BenchError("the load at half the rate gave no result; see the logs with --keep")
    found = {"full_per_second": full, "half_per_second": result["per_second"], "skipped": result["skipped"],
             "idle": idle.as_dict(), "half_load": loaded.as_dict(), "meter_values": result["round_trips"]}
    say(f"commands at {result['per_second']:.0f} MeterValues/s: p50 {found['half_load']['p50_ms']:.1f} ms, "
        f"p99 {found['half_load']['p99_ms']:.1f} ms; without load p50 {found['idle']['p50_ms']:.1f} ms")
    return found


def _half(load: Load, rate: float, seconds: float) -> dict[str, Any]:
    return load.do("paced", rate=rate, seconds=seconds)


def _ask_for(subject: Subject, identities: list[str], seconds: float) -> RoundTrips:
    place = urlsplit(subject.http)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
    times = RoundTrips()
    count = 0
    until = time.perf_counter() + seconds
    try:
        while (began := time.perf_counter()) < until or count <= _WARM:
            path = f"/api/v1/stations/{identities[count % len(identities)]}/ocpp/GetConfiguration"
            connection.request("POST", path, _BODY, _HEADERS)
            response = connection.getresponse()
            body = response.read()
            if response.status != 200:
                raise BenchError(f"POST {path} was answered with {response.status}: {body[:500]!r}")
            count += 1
            if count > _WARM:
                times.add(time.perf_counter() - began)
    finally:
        connection.close()
    return times


def figures(found: dict[str, Any]) -> list[Figure]:
    """The goal of this part."""
    half = found["half_load"]
    return [figure("command_p99_ms", half["p99_ms"],
                   f"p50 {half['p50_ms']:.1f} ms; {half['count']} commands at {found['half_per_second']:.0f}/s")]
