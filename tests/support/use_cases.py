"""The use cases of OCPP 2.x as docs/coverage names them, and what is said in each."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import attrs

from protocol.ocpp.directions import from_station, from_us
from protocol.ocpp.version import Version
from tests.support.witness import Said

DATA = Path(__file__).resolve().parents[2] / "docs" / "coverage"


@attrs.frozen
class UseCase:
    """One of Part 2. `sends`: what we begin in it, `hears`: what the station begins, of any of its versions."""

    id: str
    title: str
    versions: tuple[Version, ...]
    sends: frozenset[str]
    hears: frozenset[str]

    def messages(self, version: Version) -> set[Said]:
        """What is said in that version."""
        ours = {Said(True, action) for action in self.sends & from_us(version)}
        return ours | {Said(False, action) for action in self.hears & from_station(version)}


def read_csv(name: str) -> list[dict[str, str]]:
    """A table of docs/coverage."""
    with (DATA / name).open(newline="") as file:
        return list(csv.DictReader(file))


@cache
def use_cases() -> dict[str, UseCase]:
    """All of them by id, in the order of the specification."""
    return {
        each["id"]: UseCase(
            each["id"], each["title"], tuple(map(Version, each["versions"].split())),
            frozenset(each["sends"].split()), frozenset(each["hears"].split()),
        )
        for each in read_csv("use-cases.csv")
    }  # fmt: skip


def messages_of(name: str, version: Version) -> set[Said]:
    """What a case of that name has to have said: of a use case by its table; of an action, itself."""
    if name in use_cases():
        return use_cases()[name].messages(version)
    ours = {Said(True, name)} if name in from_us(version) else set()
    return ours | ({Said(False, name)} if name in from_station(version) else set())
