"""What a station can be told to do beyond plugging and swiping: the joined table of `act`, and `send`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from protocol.ocpp import catalogue
from simulators.station import depot, grid, security, smart
from simulators.station.acting import Act, Acts
from simulators.station.certificates import ACTS as CERTIFICATES
from simulators.station.charging import NotPossible
from simulators.station.contract import ACTS as CONTRACT
from simulators.station.maintenance import ACTS as MAINTENANCE
from simulators.station.monitoring import ACTS as MONITORING
from simulators.station.outbox import Lane, Outgoing
from simulators.station.payment import ACTS as PAYMENT
from simulators.station.station import Station
from simulators.station.transactions import ACTS as TRANSACTIONS
from simulators.station.web_payment import ACTS as WEB_PAYMENT

_TABLES: Final[tuple[Acts, ...]] = (
    PAYMENT,
    WEB_PAYMENT,
    TRANSACTIONS,
    MAINTENANCE,
    MONITORING,
    CERTIFICATES,
    CONTRACT, smart.ACTS, grid.ACTS, depot.ACTS, security.ACTS)  # a line for each capability
ACTS: Final[dict[str, Act]] = {name: act for table in _TABLES for name, act in table.items()}


def act(station: Station, name: str, words: Sequence[str], now: datetime) -> None:
    """Does what `name` stands for. Raises NotPossible."""
    found = ACTS.get(name)
    if found is None:
        raise NotPossible(f"nobody can {name}; there are {', '.join(sorted(ACTS)) or 'no acts'}")
    found(station, words, now)


def usages() -> list[tuple[str, str]]:
    """How each act is written and what it does, from its own description: `act NAME WORDS`: what."""
    found = []
    for name in sorted(ACTS):
        written, _, what = " ".join((ACTS[name].__doc__ or f"`act {name}`").split()).partition("`: ")
        found.append((written.strip("`").removeprefix("act "), what))
    return found


def send(station: Station, action: str, payload: Any) -> None:
    """Queues any message of the station's version, checked against its type. Raises NotPossible."""
    kind = catalogue.find(station.config.version, action)
    if kind is None:
        near = ", ".join(catalogue.nearest(station.config.version, action))
        raise NotPossible(f"OCPP {station.config.version.value} has no {action}; near are {near}")
    problems = catalogue.check(kind, payload)
    if problems:
        raise NotPossible("; ".join(f"{problem.path} {problem.message}" for problem in problems))
    lane = Lane.TRANSACTION if action in ("TransactionEvent", "StartTransaction", "StopTransaction") else Lane.PLAIN
    body = msgspec.json.decode(msgspec.json.encode(payload))
    station.outbox.put(Outgoing(action, lambda: body, lane))
