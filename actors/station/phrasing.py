"""What a capability says of its neutral commands: which OCPP action and payload each becomes, by version.

In `phrases.py` of a capability: `V16: Phrases = {…}` and `V2: Phrases = {…}` (2.0.1 and 2.1; `facts.version` tells
which); `actors/station/phrases.py` joins those tables. Payloads are plain JSON values; they are checked against the
action's type like an operator's own.
"""

from collections.abc import Callable, Mapping, Sequence
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


def evse_of(arguments: Mapping[str, Any]) -> Payload:
    """EVSEType of `evse` and `connector`."""
    evse: Payload = {"id": arguments["evse"]}
    if arguments.get("connector") is not None:
        evse["connectorId"] = arguments["connector"]
    return evse
