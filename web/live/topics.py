"""Which topics there are, which of them an event belongs to, and which of its values replace each other."""

from typing import Any
from urllib.parse import unquote
from uuid import UUID

import attrs

HEADS = ("stations", "sessions", "commands", "refusals", "events", "logs", "campaigns", "certificates", "forwards")
_BY_ID = ("sessions", "commands", "refusals", "logs", "campaigns", "certificates", "forwards")
_LONGEST = 300  # characters; an identity has at most 255
_STATION = "voltyard.station."


@attrs.frozen
class Placed:
    """Where an event goes: topics from the narrowest to the widest, and the key under which the newest wins."""

    topics: tuple[str, ...]
    key: str


def check(asked: object) -> tuple[str, str | None]:
    """(the topic in its normal form, None) or ("", why not)."""
    if not isinstance(asked, str) or not asked or len(asked) > _LONGEST:
        return "", f"a topic is a text of 1 to {_LONGEST} characters"
    head, slash, rest = asked.partition("/")
    if head not in HEADS:
        return "", f"there is no topic {head[:40]!r}; there are {', '.join(HEADS)}"
    if not slash:
        return head, None
    if head == "events" or not rest:
        return "", f"write {head!r} alone" if head == "events" else f"after {head!r}/ comes what it is about"
    if head in _BY_ID and not _is_id(rest):
        return "", f"{head}/… takes an id (a UUID)"
    return f"{head}/{normal(rest)}", None


def normal(name: str) -> str:
    """Identities are the same whatever their case, percent-encoded or not."""
    return unquote(name).casefold()


def place(type_: str, subject: str, data: dict[str, Any]) -> Placed:
    """The topics and the key of an event from the outbox."""
    head, _, rest = subject.partition("/")
    topics = [f"{head}/{normal(rest)}", head, "events"]
    name = data.get("station")
    if head == "stations" and isinstance(name, str):
        topics.insert(1, f"stations/{name.casefold()}")
    return Placed(tuple(topics), f"{subject} {_aspect(type_, data)}")


def _aspect(type_: str, data: dict[str, Any]) -> str:
    """What about the subject the event tells: online and offline replace each other, two connectors do not."""
    what = type_.removeprefix(_STATION)
    if what in ("online.v1", "offline.v1"):
        return "online"
    if what == "status_changed.v1":
        return f"status {data.get('evse')}/{data.get('connector')}"
    if what == "object_changed.v1":
        return f"{data.get('kind')} {data.get('key')}"
    if what == "reported.v1":
        return f"reported {data.get('action')}"
    if what != type_:
        return what
    # Quarantined and unmatched records of one station are each their own.
    return f"{type_} {data.get('quarantine_id') or data.get('unmatched_id') or ''}"


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
