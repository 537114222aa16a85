"""What a capability says of its neutral commands: which OCPP action and payload each becomes, by version.

In `phrases.py` of a capability: `V16: Phrases = {…}` and `V2: Phrases = {…}` (2.0.1 and 2.1; `facts.version` tells
which); `actors/station/phrases.py` joins those tables. Payloads are plain JSON values; they are checked against the
action's type like an operator's own.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import attrs

from protocol.ocpp.version import Version

Payload = dict[str, Any]
Phrase = tuple[str, Payload]


@attrs.frozen
class Facts:
    """What a phrase may need to know: the token's type, the transaction meant, a number for a remote start.

    `number` is a random positive int32, for whatever needs an id at the station (request ids, profile ids).
    """

    now: datetime
    token_type: str = "ISO14443"  # noqa: S105 - a type's name
    transaction_id: str | None = None
    number: int = 0
    version: Version = Version.V201
    group: str | None = None  # of the token
    additional: Sequence[tuple[str, str]] = ()  # (value, type) pairs of the token


class NotFit(Exception):  # noqa: N818 - an answer to the operator
    """It must not be sent so; `errors` has (JSON pointer into the arguments, what is wrong and what to do)."""

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{at or '/'}: {what}" for at, what in errors))
        self.errors = tuple(errors)


class Unsupported(Exception):  # noqa: N818 - an answer to the operator
    """This version has no message for it."""


Phrases = Mapping[str, Callable[[Mapping[str, Any], Facts], Phrase]]


def only_by(*versions: Version) -> Callable[[Mapping[str, Any], Facts], Phrase]:
    """A phrase for versions that have no message for it."""
    names = " and ".join(version.value for version in versions)

    def refuse(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
        raise Unsupported(f"OCPP {facts.version.value} has no message for it; OCPP {names} has")

    return refuse


class Heeded(Mapping[str, Any]):
    """A command's arguments, which remembers those that its phrase has looked at."""

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        self._arguments = arguments
        self._seen: set[str] = {"session", "transaction_id"}  # looked up before: `facts.transaction_id`

    def __getitem__(self, name: str) -> Any:
        self._seen.add(name)
        return self._arguments[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arguments)

    def __len__(self) -> int:
        return len(self._arguments)

    def left(self) -> list[str]:
        """What was asked for and is in no message; neither null nor false asks for anything."""
        return [
            name for name, value in self._arguments.items()
            if name not in self._seen and value is not None and value is not False
        ]  # fmt: skip


def evse_of(arguments: Mapping[str, Any]) -> Payload | None:
    """EVSEType of `evse` and `connector`; None without `evse`, or with 0: the station. Raises NotFit."""
    evse, connector = arguments.get("evse"), arguments.get("connector")
    if not evse:
        if connector:
            raise _no_evse()
        return None
    return {"id": evse} if connector is None else {"id": evse, "connectorId": connector}


def connector16(arguments: Mapping[str, Any]) -> int | None:
    """The connector of 1.6 that `evse` and `connector` name: each is an EVSE of its own, whose only connector is 1.

    None without `evse`. Raises NotFit.
    """
    evse: int | None = arguments.get("evse")
    connector = arguments.get("connector")
    if connector and not evse:
        raise _no_evse()
    if evse and connector not in (None, 1):
        raise NotFit([("/connector", "in OCPP 1.6 every connector is an `evse` of its own: leave it out")])
    return evse


def _no_evse() -> NotFit:
    return NotFit([("/evse", "is required beside `connector`")])
