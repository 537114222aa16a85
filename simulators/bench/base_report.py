"""How long after its last part a base report of many variables is stored: one 2.x station, parts one after the other.

What is acknowledged is stored, so the time is that from sending the last part to its answer. Whether all of it is there
is asked of the database afterwards.
"""

import base64
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import orjson
import trio
from trio_websocket import WebSocketConnection, open_websocket_url

from simulators.bench.child import BenchError
from simulators.bench.figures import Figure, figure
from simulators.bench.lab import Lab

VARIABLES = 3000
_A_PART = 20
_REQUEST = 71
_MOST_S = 60.0


def take(lab: Lab, *, rounds: int, say: Callable[[str], None]) -> dict[str, Any]:
    """`rounds` reports, each of a station of its own; seconds for the last part of each, and for all its parts."""
    fleet = lab.rows.add_stations(rounds, "R-")
    lab.place_database(beside_subject=False)
    last, whole = [], []
    with lab.node() as subject:
        for identity, password in fleet:
            times = trio.run(_report, f"{subject.url}/{quote(identity, safe='')}", identity, password or "")
            last.append(times[-1])
            whole.append(sum(times))
            stored = lab.rows.count_variables(identity)
            if stored != VARIABLES:
                raise BenchError(f"{stored} of {VARIABLES} variables of {identity} are stored")
    parts = -(-VARIABLES // _A_PART)
    say(f"base report of {VARIABLES} variables in {parts} parts: the last one stored after {max(last) * 1000:.1f} ms "
        f"at most, all of them after {max(whole):.2f} s")
    return {"variables": VARIABLES, "parts": parts, "last_part_s": last, "all_parts_s": whole}


async def _report(url: str, identity: str, password: str) -> list[float]:
    """The seconds from sending each part to its answer."""
    login = base64.b64encode(f"{identity}:{password}".encode())
    headers = [(b"Authorization", b"Basic " + login)]
    with trio.fail_after(_MOST_S):
        async with open_websocket_url(url, subprotocols=["ocpp2.0.1"], extra_headers=headers) as link:
            plate = {"vendorName": "Bench", "model": "Report"}
            await _call(link, "0", "BootNotification", {"reason": "PowerUp", "chargingStation": plate})
            return [await _call(link, str(number + 1), "NotifyReport", part) for number, part in enumerate(_parts())]


def _parts() -> list[dict[str, Any]]:
    parts = []
    for number, first in enumerate(range(0, VARIABLES, _A_PART)):
        data = [_variable(index) for index in range(first, min(first + _A_PART, VARIABLES))]
        parts.append({"requestId": _REQUEST, "generatedAt": "2026-01-01T00:00:00Z", "seqNo": number,
                      "tbc": first + _A_PART < VARIABLES, "reportData": data})
    return parts


def _variable(index: int) -> dict[str, Any]:
    return {"component": {"name": "Sensor", "instance": str(index // 50), "evse": {"id": 1}},
            "variable": {"name": f"Reading{index % 50}"},
            "variableAttribute": [{"value": str(index), "mutability": "ReadOnly", "persistent": False}],
            "variableCharacteristics": {"dataType": "integer", "unit": "W", "supportsMonitoring": True}}


async def _call(link: WebSocketConnection, number: str, action: str, payload: dict[str, Any]) -> float:
    began = time.perf_counter()
    await link.send_message(orjson.dumps([2, number, action, payload]).decode())
    while True:
        message = orjson.loads(await link.get_message())
        if message[1] == number:
            if message[0] != 3:
                raise BenchError(f"{action} was answered with {message}")
            return time.perf_counter() - began


def figures(found: dict[str, Any]) -> list[Figure]:
    """The goal of this part."""
    return [figure("base_report_s", max(found["last_part_s"]),
                   f"{found['variables']} variables in {found['parts']} parts, all within "
                   f"{max(found['all_parts_s']):.2f} s; each part is stored before it is answered")]
