"""Tariffs that the station calculates with, and costs it is told (OCPP 2.1 Part 2, I02, I07 to I12).

The reckoning is a price per kWh and no more: enough to tell running and final costs.
"""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from simulators.station.dialect import Handler, Trigger
from simulators.station.outbox import JsonObject
from simulators.station.outlet import OutletState, Transaction

if TYPE_CHECKING:
    from simulators.station.station import Station

_MOST_PRICES = 10


@attrs.define
class Till:
    """Default tariffs by EVSE, and the costs that the platform told by transaction."""

    defaults: dict[int, JsonObject] = attrs.Factory(dict)
    told: dict[str, float] = attrs.Factory(dict)


def set_default(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """For one EVSE or all; one id has one content (I08.FR.08)."""
    tariff, evse = payload["tariff"], payload["evseId"]
    if len(tariff.get("energy", {}).get("prices", ())) > _MOST_PRICES:
        return {"status": "TooManyElements"}
    if evse and evse not in station.outlets:
        return {"status": "Rejected"}
    same = [held for held in station.till.defaults.values() if held["tariffId"] == tariff["tariffId"]]
    if any(held != tariff for held in same):
        return {"status": "DuplicateTariffId"}
    for number in [evse] if evse else station.outlets:
        station.till.defaults[number] = tariff
    return {"status": "Accepted"}


def get_tariffs(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """Which tariff counts where."""
    wanted, found = payload["evseId"], dict[str, list[int]]()
    for evse, tariff in station.till.defaults.items():
        if wanted in (0, evse):
            found.setdefault(tariff["tariffId"], []).append(evse)
    if not found:
        return {"status": "NoTariff"}
    assigned = [{"tariffId": name, "tariffKind": "DefaultTariff", "evseIds": evses} for name, evses in found.items()]
    return {"status": "Accepted", "tariffAssignments": assigned}


def clear_tariffs(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """Those named, at one EVSE or all."""
    held = station.till.defaults
    places = [evse for evse in held if payload.get("evseId") in (None, evse)]
    there = {held[evse]["tariffId"] for evse in places}
    wanted = payload.get("tariffIds") or sorted(there)
    for evse in places:
        if held[evse]["tariffId"] in wanted:
            del held[evse]
    results = [{"tariffId": name, "status": "Accepted" if name in there else "NoTariff"} for name in wanted]
    return {"clearTariffsResult": results or [{"status": "NoTariff"}]}


def change_tariff(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """For a running transaction, told by an event (I11.FR.04)."""
    for outlet in station.outlets.values():
        transaction = outlet.transaction
        if transaction is not None and transaction.id == payload["transactionId"]:
            before = transaction.tariff
            if before is not None and before["currency"] != payload["tariff"]["currency"]:
                return {"status": "NoCurrencyChange"}
            transaction.tariff = payload["tariff"]
            transaction.info["tariffId"] = payload["tariff"]["tariffId"]
            station.dialect.updated(station, outlet, transaction, Trigger.TARIFF_CHANGED, now)
            return {"status": "Accepted"}
    return {"status": "TxNotFound"}


def cost_updated(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """The platform's word on what a transaction costs: it is shown."""
    station.till.told[payload["transactionId"]] = payload["totalCost"]
    station.note(f"{payload['transactionId']} costs {payload['totalCost']}")
    return {}


def tariff_of(station: "Station", transaction: Transaction) -> JsonObject | None:
    """The one that counts for a transaction."""
    return transaction.tariff or station.till.defaults.get(transaction.evse)


def cost_details(station: "Station", outlet: OutletState, transaction: Transaction) -> JsonObject | None:
    """CostDetailsType so far; None without a tariff (I12.FR.01)."""
    tariff = tariff_of(station, transaction)
    if tariff is None:
        return None
    energy = Decimal(outlet.meter.whole_wh - transaction.meter_start)
    prices = tariff.get("energy", {}).get("prices", ())
    price = Decimal(str(prices[0]["priceKwh"])) if prices else Decimal(0)
    cost = float((energy / 1000 * price).quantize(Decimal("0.0001")))
    return {
        "totalCost": {
            "currency": tariff["currency"], "typeOfCost": "NormalCost", "energy": {"inclTax": cost},
            "total": {"inclTax": cost},
        },
        "totalUsage": {"energy": float(energy), "chargingTime": int(transaction.charging_s), "idleTime": 0},
    }  # fmt: skip


HANDLERS_201: dict[str, Handler] = {"CostUpdated": cost_updated}
HANDLERS_21: dict[str, Handler] = HANDLERS_201 | {
    "SetDefaultTariff": set_default, "GetTariffs": get_tariffs, "ClearTariffs": clear_tariffs,
    "ChangeTransactionTariff": change_tariff,
}  # fmt: skip
