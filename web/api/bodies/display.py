"""Commands about what a station shows: messages, tariffs, running costs, payments, and how a transaction stands."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, to_builtins

from web.api.bodies.base import Command, Commands, Examples, OfTransaction
from web.api.fields import Evse, Label, Object, PositiveEvse
from web.validation import NotValid

_Id = Annotated[int, Meta(ge=0, le=2**31 - 1)]
_Moment = Annotated[datetime, Meta(tz=True)]
_LONGEST = 1024  # characters of a message in 2.1; 2.0.1 takes 512
Format = Literal["ASCII", "HTML", "URI", "UTF8", "QRCODE"]
Priority = Literal["AlwaysFront", "InFront", "NormalCycle"]
State = Literal["Charging", "Faulted", "Idle", "Unavailable", "Suspended", "Discharging"]
Amount = Annotated[
    str, Meta(pattern=r"^[0-9]{1,9}(\.[0-9]{1,4})?$(?!\n)", description="Decimal number, in the station's currency")
]


class MessageText(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One form of a message."""

    content: Annotated[str, Meta(min_length=1, max_length=_LONGEST)]
    format: Format = "UTF8"
    language: Annotated[str, Meta(min_length=2, max_length=8)] | None = None


class DisplayText(Command, frozen=True, kw_only=True):
    """Shows a message; one of the same id is replaced. `texts`: one for each language, the main one first."""

    priority: Priority
    texts: Annotated[list[MessageText], Meta(min_length=1, max_length=5)]
    id: _Id | UnsetType = UNSET
    state: State | UnsetType = UNSET
    start: _Moment | UnsetType = UNSET
    end: _Moment | UnsetType = UNSET
    session: UUID | UnsetType = UNSET
    transaction_id: Label | UnsetType = UNSET
    display: Object | UnsetType = UNSET

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        if "session" in given and "transaction_id" in given:
            raise NotValid([("", "give either `session` or `transaction_id`, or none")])
        if "start" in given and "end" in given and given["end"] <= given["start"]:
            raise NotValid([("/end", "must be after `start`")])
        texts: list[dict[str, Any]] = to_builtins(given["texts"])
        given["texts"] = [{name: value for name, value in text.items() if value is not None} for text in texts]
        return given


class DisplayTexts(Command, frozen=True, kw_only=True):
    """Asks which messages the station shows, all or some of them; they come as objects of kind `display_message`."""

    ids: Annotated[list[_Id], Meta(min_length=1, max_length=100)] | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    state: State | UnsetType = UNSET


class ClearDisplayText(Command, frozen=True, kw_only=True):
    """Takes a message off the display."""

    id: _Id


class DefaultTariff(Command, frozen=True, kw_only=True):
    """Gives the station a tariff to calculate with, for one EVSE or all. `tariff` as OCPP 2.1 writes TariffType."""

    tariff: Object
    evse: Evse | UnsetType = UNSET


class Tariffs(Command, frozen=True, kw_only=True):
    """Asks which tariffs the station holds, for one EVSE or all."""

    evse: Evse | UnsetType = UNSET


class ClearTariffs(Command, frozen=True, kw_only=True):
    """Takes tariffs away: those named, those of an EVSE, or all."""

    tariffs: Annotated[list[Annotated[str, Meta(min_length=1, max_length=60)]], Meta(min_length=1)] | UnsetType = UNSET
    evse: PositiveEvse | UnsetType = UNSET


class ChangeTariff(OfTransaction, frozen=True, kw_only=True):
    """Gives a running session another tariff. `tariff` as OCPP 2.1 writes TariffType."""

    tariff: Object


class CostUpdate(OfTransaction, frozen=True, kw_only=True):
    """Tells the station what a running session has cost so far, taxes included, to show it."""

    total_cost: Amount


class TransactionStatus(Command, frozen=True, kw_only=True):
    """Asks whether a session goes on at the station, and whether messages still wait there."""

    session: UUID | UnsetType = UNSET
    transaction_id: Label | UnsetType = UNSET

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        if "session" in given and "transaction_id" in given:
            raise NotValid([("", "give either `session` or `transaction_id`, or none")])
        return given


class WebPayment(Command, frozen=True, kw_only=True):
    """Tells the station that somebody pays for an EVSE on the web, so that nobody else begins there meanwhile."""

    evse: PositiveEvse
    timeout_s: Annotated[int, Meta(ge=1, le=86_400)]


COMMANDS: Commands = {
    "transaction-status": TransactionStatus,
    "display-message": DisplayText,
    "display-messages": DisplayTexts,
    "clear-display-message": ClearDisplayText,
    "default-tariff": DefaultTariff,
    "tariffs": Tariffs,
    "clear-tariffs": ClearTariffs,
    "change-tariff": ChangeTariff,
    "cost-update": CostUpdate,
    "web-payment": WebPayment,
}

_TARIFF = {"tariffId": "DAY-1", "currency": "EUR", "energy": {"prices": [{"priceKwh": 0.45}]}}
EXAMPLES: Examples = {
    "transaction-status": {"transaction_id": "17"},
    "display-message": {
        "priority": "NormalCycle", "state": "Idle",
        "texts": [{"format": "UTF8", "language": "en", "content": "Welcome"}],
    },
    "display-messages": {"state": "Idle"},
    "clear-display-message": {"id": 7},
    "default-tariff": {"evse": 1, "tariff": _TARIFF},
    "tariffs": {"evse": 1},
    "clear-tariffs": {"tariffs": ["DAY-1"]},
    "change-tariff": {"transaction_id": "17", "tariff": _TARIFF},
    "cost-update": {"transaction_id": "17", "total_cost": "4.20"},
    "web-payment": {"evse": 1, "timeout_s": 120},
}  # fmt: skip
