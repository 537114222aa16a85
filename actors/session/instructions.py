"""What an operator, or our own keeper of sessions, wants of a session that runs. Pure."""

from typing import Any, Final, Literal
from uuid import UUID

import attrs

from actors.session.model import FactKind, Flag, Session

ASK: Final = "transaction_status"
"""The job that asks a station how a session stands."""
COST: Final = "cost-told"
"""The job that notes with a session what a station was told that it costs (`transaction_id`, `total_cost`)."""
RESUME: Final = "resume-profiles"
"""The job that gives a resumed transaction its charging profiles again."""


@attrs.frozen
class Instruction:
    """`wish`: `data` is told to the station with the next answer to its events (TransactionTold).

    `close`: nothing more will come of it; `data` has the `reason`. `cost`: what it costs so far was told to the station
    by a command; `data` has `total_cost`.
    """

    session_id: UUID
    kind: Literal["wish", "close", "cost"]
    data: dict[str, Any]


def fact_of(session: Session, instruction: Instruction) -> tuple[FactKind, dict[str, Any]]:
    """The fact that an instruction becomes. A newer wish goes over an older one, member by member."""
    if instruction.kind == "close":
        lost = [Flag.MESSAGES_LOST] if instruction.data.get("reason") == "station_says_it_is_over" else []
        return "orphaned", {"reason": instruction.data.get("reason"), "flags": lost}
    if instruction.kind == "cost":
        return "corrected", {"details": {"total_cost": instruction.data["total_cost"]}}
    wish = {**(session.details.wish or {}), **instruction.data}
    details: dict[str, Any] = {"wish": {name: value for name, value in wish.items() if value is not None} or None}
    if "total_cost" in instruction.data:
        details["total_cost"] = instruction.data["total_cost"]
    if "priority" in instruction.data:
        details["priority"] = instruction.data["priority"]
    return "corrected", {"details": details}
