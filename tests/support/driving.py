"""Which tests drive what: the cases of the walks through the use cases, and tests marked with `@drives`.

A case counts for the messages of its use case because the walk fails when they were not said and answered
(tests/support/walking.py). That a test has the name of an action in it counts for nothing.
"""

from __future__ import annotations

import ast
import importlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import attrs

from protocol.ocpp.version import Version
from tests.support.use_cases import messages_of
from tests.support.walking import Cases
from tests.support.witness import Said

ROOT = Path(__file__).resolve().parents[2]
_Test = TypeVar("_Test", bound=Callable[..., object])


def drives(name: str, versions: str) -> Callable[[_Test], _Test]:
    """Marks a test that drives a use case, or an action, from the REST side by a simulated station."""
    return lambda test: test


@attrs.frozen
class Driver:
    """A test, what it drives, and in which versions."""

    test: str
    name: str
    versions: tuple[Version, ...]


def drivers() -> list[Driver]:
    """All of them: cases first, then marked tests."""
    return [*_cases(), *_marked()]


def drivers_of_messages(found: list[Driver]) -> dict[tuple[Version, Said], list[str]]:
    """Who drives a message of a version."""
    made: dict[tuple[Version, Said], list[str]] = defaultdict(list)
    for driver in found:
        for version in driver.versions:
            for said in messages_of(driver.name, version):
                made[version, said].append(driver.test)
    return made


def drivers_of_cases(found: list[Driver]) -> dict[tuple[str, Version], list[str]]:
    """Who drives a use case in a version."""
    made: dict[tuple[str, Version], list[str]] = defaultdict(list)
    for driver in found:
        for version in driver.versions:
            made[driver.name, version].append(driver.test)
    return made


def _cases() -> Iterator[Driver]:
    for path in sorted((ROOT / "tests" / "scenarios" / "usecases").glob("test_*.py")):
        cases: Cases = importlib.import_module(f"tests.scenarios.usecases.{path.stem}").CASES
        for case in cases.all:
            test = f"{_named(path)}::{getattr(case.run, '__name__', '')}"
            yield Driver(test, case.name, tuple(Version(each) for each in case.versions))


def _marked() -> Iterator[Driver]:
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text()
        if "@drives(" not in text:
            continue
        for node in ast.parse(text).body:
            for mark in getattr(node, "decorator_list", ()):
                if isinstance(mark, ast.Call) and getattr(mark.func, "id", "") == "drives":
                    name, versions = (str(ast.literal_eval(each)) for each in mark.args)
                    test = f"{_named(path)}::{getattr(node, 'name', '')}"
                    yield Driver(test, name, tuple(Version(each) for each in versions.split()))


def _named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
