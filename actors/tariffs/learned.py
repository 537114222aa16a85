"""What answers about tariffs and costs tell (OCPP 2.1 Part 2, I02, I07, I09 to I11)."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from actors.records import ObjectsSweptRecord, Record
from actors.session.instructions import COST
from actors.station.exchange import Exchange, Learned
from actors.tariffs.objects import CONTENT, KIND, Assignment, key, to_data
from protocol.events.costs import CostTold, TransactionTariffChanged

READ_AGAIN: Final = "read_tariffs"  # the job: after a change the station is asked what it holds now


def _set(exchange: Exchange) -> Iterator[Record]:
    tariff = _tariff(exchange)
    evse = exchange.request.get("evseId") if isinstance(exchange.request, Mapping) else None
    if not exchange.accepted or tariff is None or not isinstance(evse, int):
        return
    held = Assignment(tariff["tariffId"], evse, valid_from=tariff.get("validFrom"))
    yield from exchange.object(CONTENT, tariff["tariffId"], tariff)
    yield from exchange.object(KIND, key(held.tariff_id, evse), to_data(held), "installed")
    yield exchange.job(READ_AGAIN, {}, key=str(exchange.station.id))


def _tariff(exchange: Exchange) -> dict[str, Any] | None:
    """The tariff of a request; None when it was sent unchecked and is none."""
    found = exchange.request.get("tariff") if isinstance(exchange.request, Mapping) else None
    return dict(found) if isinstance(found, Mapping) and isinstance(found.get("tariffId"), str) else None


def _listed(exchange: Exchange) -> Iterator[Record]:
    """All that is there when asked for EVSE 0 (I09.FR.01); `NoTariff`: nothing (I09.FR.03)."""
    request = exchange.request
    everywhere = isinstance(request, Mapping) and request.get("evseId") == 0
    if exchange.status == "NoTariff" and everywhere:
        yield ObjectsSweptRecord(KIND, [], exchange.at)
    if not exchange.accepted:
        return
    found = [held for told in exchange.answer.get("tariffAssignments") or () for held in _assignments(told)]
    for held in found:
        yield from exchange.object(KIND, key(held.tariff_id, held.evse), to_data(held), "installed")
    if everywhere:
        yield ObjectsSweptRecord(KIND, sorted(key(held.tariff_id, held.evse) for held in found), exchange.at)


def _assignments(told: Mapping[str, Any]) -> Iterator[Assignment]:
    for evse in told.get("evseIds") or (0,):
        yield Assignment(
            told["tariffId"], evse, told["tariffKind"], told.get("validFrom"), list(told.get("idTokens") or ()) or None
        )


def _cleared(exchange: Exchange) -> Iterator[Record]:
    """Without an EVSE it is not said where a tariff lay: the station is asked for the rest."""
    request = exchange.request if isinstance(exchange.request, Mapping) else {}
    results = exchange.answer.get("clearTariffsResult") or ()
    gone = [told for told in results if told.get("status") in ("Accepted", "NoTariff")]
    evse = request.get("evseId")
    for told in gone:
        if isinstance(told.get("tariffId"), str) and isinstance(evse, int):
            yield from exchange.object(KIND, key(told["tariffId"], evse), {}, removed=True)
    if not request.get("tariffIds") and evse is None and gone and len(gone) == len(results):
        yield ObjectsSweptRecord(KIND, [], exchange.at)
    elif gone:
        yield exchange.job(READ_AGAIN, {}, key=str(exchange.station.id))


def _changed(exchange: Exchange) -> Iterator[Record]:
    tariff = _tariff(exchange)
    if exchange.accepted and tariff is not None and isinstance(exchange.request.get("transactionId"), str):
        yield from exchange.object(CONTENT, tariff["tariffId"], tariff)
        yield exchange.event(
            TransactionTariffChanged(
                station_id=exchange.station.id, station=exchange.station.identity,
                transaction_id=exchange.request["transactionId"], tariff_id=tariff["tariffId"],
            )
        )  # fmt: skip


def _cost(exchange: Exchange) -> Iterator[Record]:
    """The station has taken the running cost (I02.FR.01; E16.FR.11): it becomes that of the session, too."""
    request = exchange.request
    if not isinstance(request, Mapping) or not isinstance(request.get("transactionId"), str):
        return
    cost = request.get("totalCost")
    if isinstance(cost, int | float):
        yield exchange.job(COST, {"transaction_id": request["transactionId"], "total_cost": str(cost)})
        yield exchange.event(
            CostTold(
                station_id=exchange.station.id, station=exchange.station.identity,
                transaction_id=request["transactionId"], total_cost=str(cost),
            )
        )  # fmt: skip


LEARN: Final[Learned] = {
    "SetDefaultTariff": _set,
    "GetTariffs": _listed,
    "ClearTariffs": _cleared,
    "ChangeTransactionTariff": _changed,
    "CostUpdated": _cost,
}
