"""The corpus of quirks: `tests/protocol/quirks/*.json`, one file a row of the list, each case of one kind."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from actors.records import EventRecord, Record

FILES = sorted((Path(__file__).parent.parent / "protocol" / "quirks").glob("*.json"))
KINDS = ("frame", "handshake", "link", "admission", "conversation", "transfer", "signature", "writes")


def cases(kind: str) -> list[Any]:
    """The cases of that kind, as parameters named by file and case."""
    return [
        pytest.param(case, id=f"{path.stem}: {case['name']}")
        for path in FILES
        for case in json.loads(path.read_text())["cases"]
        if case.get("kind", "frame") == kind
    ]


def rows() -> dict[int, dict[str, Any]]:
    """Every file by the number of its row."""
    found = [json.loads(path.read_text()) for path in FILES]
    return {each["quirk"]: each for each in found}


def like(found: Any, wanted: Any) -> bool:
    """Whether `found` has all that `wanted` names; lists are compared one by one, numbers by value."""
    if isinstance(wanted, dict):
        named = isinstance(found, dict) and wanted.keys() <= found.keys()
        return named and all(like(found[name], part) for name, part in wanted.items())
    if isinstance(wanted, list):
        return isinstance(found, list) and len(found) == len(wanted) and all(map(like, found, wanted))
    return bool(found == wanted)


def plain(record: Record) -> dict[str, Any]:
    """A record as JSON values; an event's content is told under its fields."""
    told: dict[str, Any] = msgspec.to_builtins(record)
    if isinstance(record, EventRecord):
        told["data"] = msgspec.json.decode(record.data)
    return told
