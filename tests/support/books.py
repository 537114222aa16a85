"""Whether the database holds what stations were promised: every acknowledged message, once."""

from __future__ import annotations

from collections import Counter

from tests.support.load import READINGS, BusyStation, Message
from tests.support.node import Node


def check_books(node: Node, stations: list[BusyStation]) -> None:
    """Compares the books of all stations with sessions, facts and readings. Raises AssertionError."""
    wrong: list[str] = []
    for station in stations:
        wrong += station.refused
        wrong += _sessions(node, station)
        wrong += _readings(node, station)
    assert not wrong, "\n".join(wrong[:20])
    assert node.value("select count(*) from quarantine") == 0


def _sessions(node: Node, station: BusyStation) -> list[str]:
    rows = node.rows(
        "select s.transaction_id, s.status, s.import_milli_wh, s.flags, "
        "  array(select kind from session_facts f where f.session_id = s.id order by received_at) "
        "from sessions s join stations t on t.id = s.station_id where t.identity = %s",
        station.identity,
    )
    wrong = []
    found = Counter(row[0] for row in rows)
    stored = {row[0]: row for row in rows}
    for transaction in station.transactions:
        name = f"{station.identity} transaction {transaction.id}"
        if not transaction.messages[0].acknowledged:
            continue
        if found[transaction.id] != 1:
            wrong.append(f"{name}: {found[transaction.id]} sessions")
            continue
        _, status, energy, flags, kinds = stored[transaction.id]
        if not transaction.acknowledged:
            continue
        if (status, energy) != ("ended", (transaction.last - transaction.first) * 1000):
            wrong.append(f"{name}: {status} with {energy} mWh, not {transaction.last - transaction.first} Wh")
        if kinds.count("began") != 1 or kinds.count("ended") != 1 or flags:
            sent = [message.sent for message in transaction.messages]
            wrong.append(f"{name}: facts {kinds}, flags {flags}, sent {sent} times")
    if len(rows) > len(station.transactions):
        wrong.append(f"{station.identity}: {len(rows)} sessions for {len(station.transactions)} transactions")
    return wrong


def _readings(node: Node, station: BusyStation) -> list[str]:
    rows = node.rows(
        "select m.import_milli_wh from meter_values m join stations t on t.id = m.station_id where t.identity = %s",
        station.identity,
    )
    found = Counter(str(row[0]) for row in rows)
    wrong = []
    for transaction in station.transactions:
        wanted: Counter[str] = Counter()
        for message in transaction.messages:
            if message.acknowledged:
                wanted.update(_registers(message))
        wrong += [
            f"{station.identity} reading {register}: stored {found[register]} times, wanted {number}"
            for register, number in wanted.items()
            if found[register] != number
        ]
    return wrong


def _registers(message: Message) -> list[str]:
    """The registers that a message tells, in thousandths of a Wh."""
    values = message.payload.get("meterValue", [])
    return [str(round(float(sampled["value"]) * 1000)) for value in values for sampled in value["sampledValue"]]


def acknowledged_transactions(stations: list[BusyStation]) -> int:
    """How many transactions were told from start to stop."""
    assert READINGS > 0
    return sum(transaction.acknowledged for station in stations for transaction in station.transactions)
