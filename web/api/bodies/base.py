"""What the body of every version-neutral command shares.

A capability has its commands in a file of its own beside this one: `COMMANDS` (name → body) and `EXAMPLES`
(name → an example for the documentation); `web/api/neutral.py` joins them.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from web.api.fields import Label
from web.validation import NotValid


class Command(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A command's body; members left out stay out of the arguments."""

    def arguments(self) -> dict[str, Any]:
        """The members given, null included, as Python values (UUID, datetime). Raises NotValid."""
        given = {name: getattr(self, name) for name in self.__struct_fields__}
        return {name: value for name, value in given.items() if value is not UNSET}


class OfTransaction(Command, frozen=True, kw_only=True):
    """A command about one session: ours by id, or the station's by transaction id."""

    session: UUID | UnsetType = UNSET
    transaction_id: Label | UnsetType = UNSET

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        if ("session" in given) == ("transaction_id" in given):
            raise NotValid([("", "give either `session` or `transaction_id`")])
        return given


Commands = Mapping[str, type[Command]]
Examples = Mapping[str, dict[str, Any]]
