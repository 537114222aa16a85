"""OCPP 2.1: what it has of its own beside what `v2.py` does for both 2.x versions."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec
from msgspec import UNSET

from protocol.ocpp import neutral, v2
from protocol.ocpp.given import given
from protocol.ocpp.messages import v21 as types
from protocol.ocpp.told import LIMITS


def _transaction(request: Any) -> neutral.Message:
    """TransactionEvent with what 2.1 added (Part 2, E16, E17, I12)."""
    more, info = v2.more_of(request), request.transactionInfo
    if (
        info.tariffId is not UNSET
        or info.transactionLimit is not UNSET
        or info.operationMode is not UNSET
        or request.costDetails is not UNSET
        or request.preconditioningStatus is not UNSET
        or request.evseSleep is not UNSET
    ):
        more = (more or {}) | {
            "tariff_id": given(info.tariffId),
            "limit": _limit(given(info.transactionLimit)),
            "operation_mode": given(info.operationMode),
            "cost_details": None if request.costDetails is UNSET else msgspec.to_builtins(request.costDetails),
            "preconditioning": given(request.preconditioningStatus),
            "evse_sleep": given(request.evseSleep),
        }
    return v2.transaction(request, more)


def _limit(limit: Any) -> dict[str, Any] | None:
    """TransactionLimitType in our words; the cost as decimal text."""
    if limit is None:
        return None
    found = {ours: value for ours, theirs in LIMITS.items() if (value := given(getattr(limit, theirs))) is not None}
    if "max_cost" in found:
        found["max_cost"] = str(found["max_cost"])
    return found


_INCOMING: Final[Mapping[str, Callable[[Any], neutral.Message]]] = {**v2.INCOMING, "TransactionEvent": _transaction}


def understand(action: str, request: msgspec.Struct) -> neutral.Message:
    """What a station's request means."""
    translate = _INCOMING.get(action)
    if translate is not None:
        return translate(request)
    return neutral.Notified(action, request)


def answer(action: str, response: type[msgspec.Struct], reply: neutral.Reply) -> msgspec.Struct:
    """The typed response to that action. Raises TypeError for a reply that does not belong to it."""
    return v2.answer(types, action, response, reply)
