"""Commands about tariffs and costs (OCPP 2.1 Part 2, I; of these 2.0.1 has CostUpdated alone, and 1.6 none).

What a station shows when it knows no tariff (I04) or no cost (I05) is in variables, which are written like any others.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from actors.station.phrasing import Facts, Payload, Phrase, Phrases, Unsupported, only_by
from protocol.ocpp.version import Version


def _of_21(
    phrase: Callable[[Mapping[str, Any], Facts], Phrase],
) -> Callable[[Mapping[str, Any], Facts], Phrase]:
    def checked(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
        if facts.version is not Version.V21:
            raise Unsupported(f"OCPP {facts.version.value} has no message for it; OCPP 2.1 has")
        return phrase(arguments, facts)

    return checked


def _default(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    return "SetDefaultTariff", {"evseId": arguments.get("evse") or 0, "tariff": arguments["tariff"]}


def _list(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    return "GetTariffs", {"evseId": arguments.get("evse") or 0}


def _clear(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """I10: those named, else all; of one EVSE or of the station."""
    payload: Payload = {}
    if arguments.get("tariffs"):
        payload["tariffIds"] = list(arguments["tariffs"])
    if arguments.get("evse") is not None:
        payload["evseId"] = arguments["evse"]
    return "ClearTariffs", payload


def _change(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    return "ChangeTransactionTariff", {"transactionId": facts.transaction_id, "tariff": arguments["tariff"]}


def _cost(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """A free transaction is told as 0 and not by silence (I03.FR.04)."""
    return "CostUpdated", {"transactionId": facts.transaction_id, "totalCost": float(arguments["total_cost"])}


V2: Final[Phrases] = {
    "default-tariff": _of_21(_default),
    "tariffs": _of_21(_list),
    "clear-tariffs": _of_21(_clear),
    "change-tariff": _of_21(_change),
    "cost-update": _cost,
}
V16: Final[Phrases] = dict.fromkeys(V2, only_by(Version.V21)) | {"cost-update": only_by(Version.V201, Version.V21)}
