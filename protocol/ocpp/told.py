"""What the answer to a 2.x transaction event says beside the token, in the words of its version."""

from types import ModuleType
from typing import Any, Final

import msgspec

from protocol.ocpp.neutral import TransactionTold

LIMITS: Final = {"max_cost": "maxCost", "max_energy_wh": "maxEnergy", "max_time_s": "maxTime", "max_soc": "maxSoC"}
"""Our names of TransactionLimitType's members (OCPP 2.1 Part 2)."""


def members(types: ModuleType, response: type[msgspec.Struct], told: TransactionTold | None) -> dict[str, Any]:
    """Members of a TransactionEventResponse, as far as the version has them: 2.0.1 has no limit and one language."""
    if told is None:
        return {}
    has = response.__struct_fields__
    messages = [msgspec.convert(message, types.MessageContentType) for message in told.messages or ()]
    found = {
        "totalCost": None if told.total_cost is None else float(told.total_cost),
        "chargingPriority": told.priority,
        "updatedPersonalMessage": messages[0] if messages else None,
        "updatedPersonalMessageExtra": messages[1:5] or None,
    }
    if told.limit and "transactionLimit" in has:
        found["transactionLimit"] = types.TransactionLimitType(**_limit(told.limit))
    return {name: value for name, value in found.items() if value is not None and name in has}


def _limit(limit: dict[str, Any]) -> dict[str, Any]:
    named = {theirs: limit[ours] for ours, theirs in LIMITS.items() if limit.get(ours) is not None}
    if "maxCost" in named:
        named["maxCost"] = float(named["maxCost"])
    return named
