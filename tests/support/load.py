"""Stations under load that keep a book: what they sent, how often, and what was acknowledged.

A station sends one transaction after another; the message at the head of its queue goes out again and again, after
every lost link, until it is acknowledged. So the book tells what must be in the database.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator

import attrs
import trio

from tests.support.node import Node
from tests.support.outsiders import HandStation, Lost, Payload, Refused, TurnedAway, hand_station, moment

_REDIAL = 0.2  # s
READINGS = 6  # a transaction


@attrs.define
class Message:
    """One transaction message. `marker` is unlike that of any other message of its station."""

    action: str
    payload: Payload
    marker: str
    sent: int = 0
    acknowledged: bool = False


@attrs.define
class Transaction:
    """What was told about one, with the id that the platform knows it by."""

    messages: list[Message] = attrs.Factory(list)
    id: str | None = None
    first: int = 0
    last: int = 0

    @property
    def acknowledged(self) -> bool:
        return len(self.messages) == READINGS + 2 and all(message.acknowledged for message in self.messages)


@attrs.define
class BusyStation:
    """One simulated station. `run` returns when `enough` is set and the transaction under way is over."""

    node: Node
    identity: str
    version: str
    transactions: list[Transaction] = attrs.Factory(list)
    acknowledged: int = 0
    endings: Counter[int] = attrs.Factory(Counter)
    refused: list[str] = attrs.Factory(list)
    _register: int = 100_000

    async def run(self, enough: trio.Event) -> None:
        script = self._script(enough)
        message: Message | None = next(script, None)
        while message is not None:
            try:
                async with hand_station(self.node, self.identity, self.version) as station:
                    await station.boot(self.version)
                    while message is not None:
                        await self._tell(station, message)
                        message = next(script, None)
            except (Lost, TurnedAway) as lost:
                self.endings[lost.code if isinstance(lost, Lost) else lost.status] += 1
                await trio.sleep(_REDIAL)

    async def _tell(self, station: HandStation, message: Message) -> None:
        transaction = self.transactions[-1]
        if self.version == "1.6" and message.action != "StartTransaction":
            message.payload["transactionId"] = int(transaction.id or 0)
        message.sent += 1
        try:
            answer = await station.call(message.action, message.payload)
        except Refused as refused:
            self.refused.append(f"{message.action}: {refused}")
            answer = {}
        message.acknowledged = True
        self.acknowledged += 1
        if "transactionId" in answer:
            transaction.id = str(answer["transactionId"])

    def _script(self, enough: trio.Event) -> Iterator[Message]:
        """Messages as they come to pass; each is asked for when the one before is acknowledged."""
        for number in itertools.count():
            if enough.is_set():
                return
            transaction = Transaction(first=self._register)
            self.transactions.append(transaction)
            make = self._message_1_6 if self.version == "1.6" else self._message_2
            for step in range(READINGS + 2):
                if step not in (0, READINGS + 1):
                    self._register += 7
                transaction.last = self._register
                message = make(number, step)
                transaction.messages.append(message)
                yield message
            self._register += 1

    def _message_1_6(self, number: int, step: int) -> Message:
        register = self._register
        if step == 0:
            start = {"connectorId": 1, "idTag": "LOAD", "meterStart": register, "timestamp": moment()}
            return Message("StartTransaction", start, f"start {number}")
        if step == READINGS + 1:
            stop = {"meterStop": register, "timestamp": moment(), "transactionId": 0, "reason": "Local"}
            return Message("StopTransaction", stop, f"stop {number}")
        sampled = [{"value": str(register), "measurand": "Energy.Active.Import.Register", "unit": "Wh"}]
        values = {"connectorId": 1, "meterValue": [{"timestamp": moment(), "sampledValue": sampled}]}
        return Message("MeterValues", values, str(register * 1000))

    def _message_2(self, number: int, step: int) -> Message:
        kind = "Started" if step == 0 else "Ended" if step == READINGS + 1 else "Updated"
        transaction = self.transactions[-1]
        transaction.id = f"{self.identity}-{number}"
        info: Payload = {"transactionId": transaction.id}
        if kind == "Ended":
            info["stoppedReason"] = "Local"
        trigger = {"Started": "Authorized", "Ended": "StopAuthorized"}.get(kind, "MeterValuePeriodic")
        event: Payload = {"eventType": kind, "timestamp": moment(), "seqNo": step, "triggerReason": trigger}
        event["transactionInfo"] = info
        if kind == "Started":
            event |= {"evse": {"id": 1, "connectorId": 1}, "idToken": {"idToken": "LOAD", "type": "ISO14443"}}
        sampled = {"value": float(self._register), "measurand": "Energy.Active.Import.Register"}
        event["meterValue"] = [{"timestamp": event["timestamp"], "sampledValue": [sampled]}]
        marker = f"{kind} {number}" if kind != "Updated" else str(self._register * 1000)
        return Message("TransactionEvent", event, marker)


def fleet(node: Node, prefix: str, each: int) -> list[BusyStation]:
    """`each` stations of 1.6 and as many of 2.0.1 and of 2.1, known to the platform."""
    stations = [
        BusyStation(node, f"{prefix}-{version}-{number}", version)
        for version in ("1.6", "2.0.1", "2.1")
        for number in range(each)
    ]
    node.add_stations(*(station.identity for station in stations))
    return stations


def total(stations: list[BusyStation]) -> int:
    """How many messages have been acknowledged."""
    return sum(station.acknowledged for station in stations)


async def until_more(stations: list[BusyStation], number: int, within: float = 60.0) -> None:
    """Returns when so many more messages have been acknowledged."""
    wanted = total(stations) + number
    with trio.fail_after(within):
        while total(stations) < wanted:  # noqa: ASYNC110 - twenty tasks count
            await trio.sleep(0.005)
