"""Which messages bring a station's list to what it shall be. Pure. OCPP 2.0.1 Part 2, D01; 1.6, 3.5 and 5.15.

When the station has the version that we left there, only what differs is sent; else all of it: a first message replaces
the list, the others add to it, each with the next version (D01.FR.03, D01.FR.11).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import attrs
import msgspec

from actors.locallist.entries import Entry, removal
from protocol.ocpp.version import Version

_FRAME: Final = 200  # bytes of a message beside its entries
_LARGEST: Final = 2**31 - 1
_Step = tuple[Entry | str, dict[str, Any]]  # what comes or changes, or the key of what goes


@attrs.frozen
class Limits:
    """What one message may hold, and the list in all; None: no limit is known."""

    items: int = 50
    bytes: int | None = None
    most: int | None = None


@attrs.frozen
class Known:
    """An entry that lies on the station."""

    uid: str
    type: str
    digest: str


@attrs.frozen
class Message:
    """One SendLocalList. `gone`: uid keys it takes off."""

    full: bool
    number: int  # of the list, after it
    entries: tuple[Entry, ...] = ()
    gone: tuple[str, ...] = ()
    said: tuple[dict[str, Any], ...] = ()

    def payload(self, version: Version) -> dict[str, Any]:
        name = "listVersion" if version is Version.V16 else "versionNumber"
        payload: dict[str, Any] = {name: self.number, "updateType": "Full" if self.full else "Differential"}
        if self.said:
            payload["localAuthorizationList"] = list(self.said)
        return payload


@attrs.frozen
class Plan:
    """`changes`: entries that come, change or go."""

    full: bool
    messages: tuple[Message, ...]
    changes: int


def plan(
    version: Version, wanted: Sequence[Entry], held: Mapping[str, Known], *, ours: int | None, theirs: int,
    limits: Limits, full: bool = False,
) -> Plan:  # fmt: skip
    """`ours`: the version that the station last accepted from us, `theirs`: what it says. No messages: all is well."""
    last = max(theirs, ours or 0, 0)
    if last + len(wanted) + len(held) >= _LARGEST:
        last, full = 0, True
    if full or ours is None or theirs != ours:
        steps: list[_Step] = [(entry, entry.said) for entry in wanted]
        parts = list(_parts(steps, limits)) or [[]]
        messages = (_message(part, last + n, full=n == 1) for n, part in enumerate(parts, start=1))
        return Plan(True, tuple(messages), len(steps))
    steps = [(key, removal(held[key].uid, held[key].type, version)) for key in _gone(wanted, held)]
    steps += [(entry, entry.said) for entry in wanted if _differs(entry, held.get(entry.uid_key))]
    messages = (_message(part, last + n, full=False) for n, part in enumerate(_parts(steps, limits), start=1))
    return Plan(False, tuple(messages), len(steps))


def _gone(wanted: Sequence[Entry], held: Mapping[str, Known]) -> list[str]:
    return sorted(held.keys() - {entry.uid_key for entry in wanted})


def _differs(entry: Entry, known: Known | None) -> bool:
    return known is None or known.digest != entry.digest


def _parts(steps: Iterable[_Step], limits: Limits) -> Iterator[list[_Step]]:
    """As few messages as the limits allow; one entry at least in each."""
    part: list[_Step] = []
    size = _FRAME
    for step in steps:
        takes = 0 if limits.bytes is None else len(msgspec.json.encode(step[1])) + 1
        if part and (len(part) >= limits.items or (limits.bytes is not None and size + takes > limits.bytes)):
            yield part
            part, size = [], _FRAME
        part.append(step)
        size += takes
    if part:
        yield part


def _message(part: list[_Step], number: int, *, full: bool) -> Message:
    return Message(
        full, number,
        tuple(step for step, _ in part if isinstance(step, Entry)),
        tuple(step for step, _ in part if isinstance(step, str)),
        tuple(said for _, said in part),
    )  # fmt: skip
