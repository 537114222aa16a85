"""What a station has told of its local list: how much a message and the list may hold, and whether it keeps one. Pure.

1.6: SendLocalListMaxLength, LocalAuthListMaxLength, LocalAuthListEnabled (9.3). 2.x: LocalAuthListCtrlr with
ItemsPerMessage, BytesPerMessage, Entries (its maxLimit) and Enabled (2.0.1 Part 2, 2.6).
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import attrs
import msgspec

from actors.locallist.plan import Limits
from protocol.ocpp.version import Version

ASKED16: Final = ("SendLocalListMaxLength", "LocalAuthListMaxLength", "LocalAuthListEnabled")
ASKED2: Final = ("ItemsPerMessage", "BytesPerMessage", "Enabled")


@attrs.frozen
class Told:
    """`known`: it has told how much one message may hold."""

    limits: Limits
    enabled: bool | None = None
    known: bool = False


def told_of(rows: Iterable[Mapping[str, Any]], override: int | None) -> Told:
    """`rows`: component, variable, value, detail of its variables; `override`: the operator's items per message."""
    found: dict[str, str] = {}
    most: int | None = None
    for row in rows:
        name = row["variable"] if not row["component"] else msgspec.json.decode(row["variable"])["name"]
        if row["value"] is not None:
            found[name.casefold()] = row["value"]
        if name == "Entries":
            most = _number((row["detail"] or {}).get("characteristics", {}).get("maxLimit"))
    items = _number(found.get("itemspermessage")) or _number(found.get("sendlocallistmaxlength"))
    enabled = found.get("enabled") or found.get("localauthlistenabled")
    return Told(
        Limits(
            override or items or Limits().items, _number(found.get("bytespermessage")),
            most or _number(found.get("localauthlistmaxlength")),
        ),
        None if enabled is None else enabled.strip().lower() == "true",
        items is not None,
    )  # fmt: skip


def question(version: Version) -> tuple[str, dict[str, Any]]:
    """(action, payload) that asks for what is not known yet."""
    if version is Version.V16:
        return "GetConfiguration", {"key": list(ASKED16)}
    data = [{"component": {"name": "LocalAuthListCtrlr"}, "variable": {"name": name}} for name in ASKED2]
    return "GetVariables", {"getVariableData": data}


def _number(value: Any) -> int | None:
    """What stations write as numbers: nothing below one is a limit."""
    try:
        number = int(float(value))
    except (TypeError, ValueError, OverflowError):
        return None
    return number if 1 <= number <= 10**9 else None
