"""The journal's pure parts: how failed batches are divided, what is held, what an error means."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from actors.ports import DEFAULT_TENANT
from actors.records import Record, Unit
from storage.errors import CannotConnect, ConnectionLost, ShuttingDown
from storage.journal import split, tables
from storage.journal.hold import FIRST_WAIT, LONGEST_WAIT, Hold
from storage.journal.queue import Entry
from storage.journal.rows import columns
from storage.journal.verdict import Verdict, judge
from tests.support import units

ONE, TWO = uuid7(), uuid7()


def entry(station: UUID, *records: Record) -> Entry:
    return Entry(Unit(DEFAULT_TENANT, station, "", list(records)), 1, 0.0)


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from("abc"))))
def test_dividing_by_kind_keeps_everything_and_each_stations_order(entries: list[tuple[int, str]]) -> None:
    numbered = [(station, kind, n) for n, (station, kind) in enumerate(entries)]
    groups = split.alike(numbered, lambda e: e[0], lambda e: e[1])
    flat = [each for group in groups for each in group]
    assert sorted(flat) == sorted(numbered)
    for station in range(6):
        mine = [n for who, _, n in flat if who == station]
        assert mine == sorted(mine)
    for group in groups:
        assert len({kind for _, kind, _ in group}) == 1
        assert len({who for who, _, _ in group}) == len(group)


@given(st.lists(st.integers(), min_size=2))
def test_halves_are_smaller_and_lose_nothing(entries: list[int]) -> None:
    first, second = split.halves(entries)
    assert first + second == entries
    assert first
    assert second


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (asyncpg.CharacterNotInRepertoireError("x"), Verdict.CONTENT),
        (asyncpg.UniqueViolationError("x"), Verdict.CONTENT),
        (asyncpg.ProgramLimitExceededError("x"), Verdict.CONTENT),
        (asyncpg.StatementTooComplexError("x"), Verdict.CONTENT),
        (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "x"), Verdict.CONTENT),
        (asyncpg.DiskFullError("x"), Verdict.REFUSED),
        (asyncpg.InsufficientPrivilegeError("x"), Verdict.REFUSED),
        (asyncpg.ReadOnlySQLTransactionError("x"), Verdict.REFUSED),
        (asyncpg.DeadlockDetectedError("x"), Verdict.REFUSED),
        (asyncpg.QueryCanceledError("x"), Verdict.REFUSED),
        (AttributeError("a bug"), Verdict.REFUSED),
        (CannotConnect("x"), Verdict.AWAY),
        (asyncpg.InvalidPasswordError("x"), Verdict.AWAY),
        (ConnectionLost("x"), Verdict.DOUBT),
        (ShuttingDown("x"), Verdict.DOUBT),
        (asyncpg.InterfaceError("x"), Verdict.DOUBT),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value.value,
)
def test_what_an_error_means(error: Exception, verdict: Verdict) -> None:
    assert judge(error) is verdict


def test_every_combination_of_tables_has_one_statement_with_its_parameters_in_order() -> None:
    some = tables.ordered([tables.EVENTS, tables.READINGS, tables.FACTS])
    assert [table.name for table in some] == ["meter_values", "events", "session_facts"]
    text = tables.statement(some)
    count = 1 + sum(table.parameters for table in some)
    assert f"${count}::" in text
    assert f"${count + 1}::" not in text
    assert text.count("insert into") == 4


def test_columns_of_a_unit_match_the_parameters_of_its_tables() -> None:
    everything = Unit(DEFAULT_TENANT, ONE, "", [
        units.reading(), units.event(), units.state(), units.connector(), units.session(),
    ])  # fmt: skip
    found: dict[Any, list[Any]] = columns([everything, everything])
    for table, arrays in found.items():
        assert len(arrays) == table.parameters, table.name
    assert len(found[tables.READINGS][0]) == 2
    assert len(found[tables.CONNECTORS][0]) == 1  # of one key the last wins


def test_held_kinds_keep_their_like_and_later_units_of_their_stations() -> None:
    hold = Hold(lambda _entry: None)
    refused = entry(ONE, units.reading())
    hold.keep([refused], 0.0)
    assert hold.next_due() == FIRST_WAIT
    alike, later, free = entry(TWO, units.reading()), entry(ONE, units.state()), entry(uuid7(), units.state())
    assert hold.filter([alike, later, free]) == [free]
    assert len(hold) == 3
    assert hold.take_due(0.0, 10) == ([], False)
    assert hold.take_due(FIRST_WAIT, 10) == ([refused, alike], True)
    hold.free([refused, alike], worked=True)
    assert hold.take_due(FIRST_WAIT, 10) == ([later], False)
    assert not hold.active


def test_waits_grow_to_a_limit_and_once_a_round() -> None:
    hold = Hold(lambda _entry: None)
    now, waits = 0.0, []
    entries = [entry(ONE, units.reading()), entry(TWO, units.reading())]
    for _ in range(8):
        for each in entries:
            hold.keep([each], now)
        due = hold.next_due()
        assert due is not None
        waits.append(round(due - now, 6))
        now = due
        assert hold.take_due(now, 10) == (entries, True)
    assert waits == [0.05, 0.1, 0.2, 0.4, 0.8, 1.0, 1.0, LONGEST_WAIT]


def test_what_expires_while_held_is_dropped_and_frees_those_behind() -> None:
    dropped: list[Entry] = []
    hold = Hold(dropped.append)
    refused, later = entry(ONE, units.reading()), entry(ONE, units.state())
    hold.keep([refused], 0.0)
    assert hold.filter([later]) == []
    refused.expired = True
    hold.sweep()
    assert dropped == [refused]
    assert hold.take_due(0.0, 10) == ([later], False)
    assert not hold.active
