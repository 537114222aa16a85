"""What 2.x transactions can do beyond beginning, measuring and ending: limits, resumption, signed values, costs.

OCPP 2.1 Part 2, E16 (limits), E17 (resumption), I12 (costs); OCA application note on signed meter values.
"""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from simulators.station import tariffs
from simulators.station.acting import Acts
from simulators.station.charging import NotPossible, give_leave, outlet_of, swipe
from simulators.station.dialect import Trigger
from simulators.station.outbox import JsonObject
from simulators.station.outlet import OutletState, Transaction

if TYPE_CHECKING:
    from simulators.station.station import Station

SUPPORTED = ("maxEnergy", "maxTime", "maxSoC", "maxCost")
_REACHED = {
    "maxEnergy": Trigger.ENERGY_LIMIT, "maxTime": Trigger.TIME_LIMIT, "maxSoC": Trigger.SOC_LIMIT,
    "maxCost": Trigger.COST_LIMIT,
}  # fmt: skip
_WORDS = {"energy": "maxEnergy", "time": "maxTime", "soc": "maxSoC", "cost": "maxCost"}


def answered(station: "Station", transaction: Transaction, answer: JsonObject, now: datetime) -> None:
    """What the answer to an event says: a limit is kept and told once (E16.FR.03), a cost is shown."""
    if answer.get("totalCost") is not None and transaction.id is not None:
        station.till.told[transaction.id] = answer["totalCost"]
    message = answer.get("updatedPersonalMessage")
    if message is not None:
        station.note(f"shown: {message['content']}")
    limit = answer.get("transactionLimit")
    outlet = station.outlets[transaction.evse]
    if limit and outlet.transaction is transaction:
        set_limit(station, outlet, transaction, {name: limit[name] for name in SUPPORTED if name in limit}, now)


def set_limit(
    station: "Station", outlet: OutletState, transaction: Transaction, limit: JsonObject, now: datetime
) -> None:
    """Keeps to it and says so."""
    transaction.limit = transaction.limit | limit
    transaction.limited = False
    transaction.info["transactionLimit"] = dict(transaction.limit)
    station.dialect.updated(station, outlet, transaction, Trigger.LIMIT_SET, now)


def check_limit(station: "Station", outlet: OutletState, transaction: Transaction, now: datetime) -> None:
    """A limit that is reached suspends the transfer and is told (E16.FR.05)."""
    if transaction.limited or not transaction.limit:
        return
    cost = tariffs.cost_details(station, outlet, transaction)
    told = station.till.told.get(transaction.id or "", 0.0)
    values = {
        "maxEnergy": outlet.meter.whole_wh - transaction.meter_start,
        "maxTime": (now - transaction.started_at).total_seconds(),
        "maxSoC": outlet.vehicle.soc if outlet.vehicle is not None else 0.0,
        "maxCost": told if cost is None else cost["totalCost"]["total"]["inclTax"],
    }
    for name, most in transaction.limit.items():
        if values[name] >= most:
            transaction.limited = True
            station.suspend(outlet)
            station.dialect.updated(station, outlet, transaction, _REACHED[name], now)
            return


def _running(station: "Station", words: Sequence[str], usage: str) -> tuple[OutletState, Transaction]:
    if not words or not words[0].isdecimal():
        raise NotPossible(usage)
    outlet = outlet_of(station, int(words[0]))
    if outlet.transaction is None:
        raise NotPossible(f"EVSE {words[0]} has no transaction")
    return outlet, outlet.transaction


def limit(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act limit EVSE energy|time|soc|cost VALUE`: the driver sets a limit (E16.FR.01)."""
    usage = "limit EVSE energy|time|soc|cost VALUE"
    outlet, transaction = _running(station, words, usage)
    if len(words) != 3 or words[1] not in _WORDS:
        raise NotPossible(usage)
    value = float(words[2])
    name = _WORDS[words[1]]
    whole = name in ("maxTime", "maxSoC")
    set_limit(station, outlet, transaction, {name: int(value) if whole else value}, now)


def event(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act event EVSE TRIGGER`: an Updated event for that reason (TriggerReasonEnumType)."""
    outlet, transaction = _running(station, words, "event EVSE TRIGGER")
    try:
        trigger = Trigger(words[1])
    except (IndexError, ValueError):
        raise NotPossible(f"event EVSE TRIGGER; triggers are {', '.join(Trigger)}") from None
    station.dialect.updated(station, outlet, transaction, trigger, now)


def resume(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act resume EVSE`: the transaction goes on after a loss of power (E17.FR.14)."""
    outlet, transaction = _running(station, words, "resume EVSE")
    station.dialect.updated(station, outlet, transaction, Trigger.RESUMED, now)


def cost(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act cost EVSE`: the running cost by the station's own reckoning (I12)."""
    outlet, transaction = _running(station, words, "cost EVSE")
    details = tariffs.cost_details(station, outlet, transaction)
    if details is None:
        raise NotPossible("there is no tariff to reckon with")
    transaction.extra["costDetails"] = details
    station.dialect.updated(station, outlet, transaction, Trigger.RUNNING_COST, now)


def sign(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act sign EVSE`: a signed reading, in the shape of the station's version; the signature is made up."""
    outlet, transaction = _running(station, words, "sign EVSE")
    data = f'OCMF|{{"FV":"1.0","RD":[{{"RV":{outlet.meter.whole_wh},"RU":"Wh"}}]}}|{{"SD":"00"}}'
    transaction.signed = base64.b64encode(data.encode()).decode()
    station.dialect.updated(station, outlet, transaction, Trigger.SIGNED, now)


def tell(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act tell EVSE NAME VALUE`: evseSleep, preconditioningStatus or operationMode (2.1) with the next event."""
    outlet, transaction = _running(station, words, "tell EVSE NAME VALUE")
    if len(words) != 3 or words[1] not in ("evseSleep", "preconditioningStatus", "operationMode"):
        raise NotPossible("tell EVSE evseSleep|preconditioningStatus|operationMode VALUE")
    if words[1] == "operationMode":
        transaction.info["operationMode"] = words[2]
        station.dialect.updated(station, outlet, transaction, Trigger.OPERATION_MODE, now)
        return
    transaction.extra[words[1]] = words[2] == "true" if words[1] == "evseSleep" else words[2]
    station.dialect.updated(station, outlet, transaction, Trigger.STATE_CHANGED, now)


def start(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act start EVSE TYPE [TOKEN]`: leave to charge without asking first, as a button or a terminal gives it."""
    if len(words) not in (2, 3) or not words[0].isdecimal():
        raise NotPossible("start EVSE TYPE [TOKEN]")
    give_leave(station, outlet_of(station, int(words[0])), words[2] if len(words) == 3 else "", words[1], now)


def identify(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act identify EVSE TYPE TOKEN`: a token of that type is shown, a key code typed in."""
    if len(words) != 3 or not words[0].isdecimal():
        raise NotPossible("identify EVSE TYPE TOKEN")
    swipe(station, words[2], int(words[0]), now, words[1])


ACTS: Acts = {
    "start": start, "identify": identify,
    "limit": limit, "event": event, "resume": resume, "cost": cost, "sign": sign, "tell": tell,
}  # fmt: skip
