"""A vendor's message to a station: what the tenant's rule for it says before it is sent."""

from datetime import datetime
from typing import Any

from actors.ports import StationConfig
from storage.web.datatransfer import find_rule
from web.context import Reads
from web.problems import ApiProblem


async def fit(arguments: dict[str, Any], reads: Reads, station: StationConfig, now: datetime) -> dict[str, Any]:
    """With the rule's data where the command brings none. Raises ApiProblem when a rule forbids the message."""
    vendor, message = arguments["vendor"], arguments.get("message")
    if "\x00" in vendor + (message or ""):
        raise ApiProblem("invalid_body", "a NUL stands in `vendor` or `message`", errors=[("/vendor", "no NUL")])
    rule = await reads.run_as_tenant(station.tenant_id, lambda c: find_rule(c, "out", vendor, message))
    if rule is None or rule.message_id not in (None, message):
        return arguments
    if rule.answer == "reject":
        raise ApiProblem("rule_forbids", f"rule {rule.id} keeps this message of {vendor[:64]!r} from being sent")
    return arguments if "data" in arguments or rule.data is None else arguments | {"data": rule.data}
