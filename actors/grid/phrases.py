"""Grid controls, the aFRR signal and allowed energy transfers as neutral commands. OCPP 2.1 Part 2, Q and R."""

from collections.abc import Mapping
from typing import Any, Final

from actors.grid.der_types import TYPES, wrong
from actors.station.phrasing import Facts, NotFit, Payload, Phrase, Phrases, only_by
from protocol.events.types import timestamp
from protocol.ocpp.version import Version

_refuse: Final = only_by(Version.V21)


def _set(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """Only the member that belongs to the type is sent (R04.FR.16). Raises NotFit for what R04 forbids."""
    name, is_default, control = arguments["type"], bool(arguments.get("default", True)), arguments["control"]
    errors = list(wrong(name, is_default, control))
    if errors:
        raise NotFit(errors)
    payload = {
        "isDefault": is_default,
        "controlId": arguments.get("id") or f"{name}-{facts.number}",
        "controlType": name,
        TYPES[name].field: control,
    }
    return "SetDERControl", payload


def _chosen(arguments: Mapping[str, Any]) -> Payload:
    names = (("default", "isDefault"), ("type", "controlType"), ("id", "controlId"))
    return {told: arguments[name] for name, told in names if arguments.get(name) is not None}


def _get(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    return "GetDERControl", {"requestId": facts.number, **_chosen(arguments)}


def _clear(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    return "ClearDERControl", _chosen(arguments)


def _afrr(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """Q08.FR.12: the value that came from outside, with the time it is sent."""
    return "AFRRSignal", {"timestamp": timestamp(facts.now), "signal": arguments["signal"]}


def _transfer(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """Q02.FR.05: permission that came, or went, after the authorization."""
    payload = {"transactionId": facts.transaction_id, "allowedEnergyTransfer": arguments["allowed"]}
    return "NotifyAllowedEnergyTransfer", payload


def _newest(phrase: Any) -> Any:
    """Only 2.1 has these messages."""

    def say(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
        made: Phrase = (phrase if facts.version is Version.V21 else _refuse)(arguments, facts)
        return made

    return say


V2: Final[Phrases] = {
    "der-control": _newest(_set),
    "der-controls": _newest(_get),
    "clear-der-control": _newest(_clear),
    "afrr-signal": _newest(_afrr),
    "allowed-energy-transfer": _newest(_transfer),
}
V16: Final[Phrases] = V2
