"""Writes docs/ocpp-coverage.md from the code's own tables: `python -m tests.support.ocpp_coverage [--check]`.

For every action of every version, by direction: where it is handled, the neutral command, the tests that use it. For
every use case of OCPP 2.x: the files and tests that name it, and of the requirements that begin "the CSMS shall" how
many are named in code and in tests. A row without handler or test is empty, which a test refuses.
"""

from __future__ import annotations

import ast
import csv
import inspect
import re
import sys
import textwrap
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from actors.station import decide, phrases
from actors.station.incoming import INCOMING
from protocol.ocpp import catalogue, neutral, v2, v16
from protocol.ocpp.directions import from_station, from_us
from protocol.ocpp.version import Version

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "ocpp-coverage.md"
_DATA = ROOT / "docs" / "coverage"
_CODE = ("protocol", "actors", "storage", "web", "gateway", "simulators")
_REQUIREMENT = re.compile(r"\b([A-S]\d\d)\.FR\.(\d{2,3})\b")
_LISTED = re.compile(r"\b([A-S]\d\d)\.FR\.(\d{2,3})((?:(?:, | and | to |, FR\.|/)(?:FR\.)?\d{2,3}\b)+)")
_USE_CASE = re.compile(r"\b([A-S]\d\d)\b")
_MOST_TESTS = 3


@attrs.frozen
class Row:
    """One action of one version in one direction."""

    version: Version
    action: str
    ours: bool
    handled: tuple[str, ...]
    tests: tuple[str, ...]


def _files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "messages" not in path.parts:
                yield path


def _named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# Which tests use which words


def words_of_tests() -> dict[str, set[str]]:
    """Text constants of each test function, helpers of its file included: test → words in them."""
    found: dict[str, set[str]] = {}
    for path in _files("tests"):
        if not path.name.startswith("test_"):
            continue
        tree = ast.parse(path.read_text())
        shared: set[str] = set()
        tests: dict[str, set[str]] = {}
        for node in tree.body:
            words = _words(node)
            name = getattr(node, "name", "")
            if name.startswith("test_"):
                tests[name] = words
            else:
                shared |= words
        for name, words in tests.items():
            found[f"{_named(path)}::{name}"] = words
        if tests and shared:
            found[_named(path)] = shared
    return found


def _words(node: ast.AST) -> set[str]:
    words: set[str] = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and len(each.value) < 20_000:
            words.update(re.findall(r"[A-Za-z][A-Za-z0-9-]{2,}", each.value))
    return words


def tests_by_word(words: Mapping[str, set[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for test, used in words.items():
        for word in used:
            found[word].append(test)
    return found


# Where an action is handled


def _heard(version: Version, action: str) -> tuple[str, ...]:
    """The function that decides what a station's request means and leads to."""
    table: Mapping[str, Callable[[Any], neutral.Message]] = v16._INCOMING if version is Version.V16 else v2.INCOMING
    if action in table:
        return (_place(_decider(action)),)
    handler = INCOMING.get(action)
    return () if handler is None else (_place(handler),)


_NEUTRAL: Mapping[str, type] = {
    "Authorize": neutral.AuthorizeAsked, "BootNotification": neutral.Booted, "DataTransfer": neutral.DataTransferred,
    "Heartbeat": neutral.HeartbeatAsked, "MeterValues": neutral.MeterRead, "NotifyEvent": neutral.StatusesChanged,
    "NotifyReport": neutral.VariablesReported, "StartTransaction": neutral.TransactionHappened,
    "StatusNotification": neutral.StatusChanged, "StopTransaction": neutral.TransactionHappened,
    "TransactionEvent": neutral.TransactionHappened,
}  # fmt: skip


def _decider(action: str) -> Callable[..., Any]:
    return decide._DECIDE[_NEUTRAL[action]]


def _place(function: Callable[..., Any]) -> str:
    function = inspect.unwrap(getattr(function, "func", function))
    path = Path(inspect.getsourcefile(function) or "").resolve()
    return f"{_named(path)}: {getattr(function, '__name__', '').lstrip('_')}"


def commands_by_action(version: Version) -> dict[str, list[str]]:
    """Neutral commands whose phrase names an action of that version."""
    table = phrases._V16 if version is Version.V16 else phrases._V2
    actions = catalogue.actions(version)
    found: dict[str, list[str]] = defaultdict(list)
    for command, function in table.items():
        for word in sorted(_reach(function) & actions.keys()):
            found[word].append(command)
    return found


def _reach(function: Callable[..., Any], depth: int = 2) -> set[str]:
    """Text constants of a function and of those of its module that it calls."""
    function = getattr(function, "func", function)
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, SyntaxError, TypeError):
        return set()
    words = _words(tree)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    module = inspect.getmodule(function)
    for cell in getattr(function, "__closure__", None) or ():  # a phrase within another, as of those of one version
        if inspect.isfunction(cell.cell_contents) and depth:
            words |= _reach(cell.cell_contents, depth - 1)
    for name in names if depth else ():
        called = getattr(module, name, None)
        if inspect.isfunction(called) and called.__module__ == function.__module__ and called is not function:
            words |= _reach(called, depth - 1)
        elif isinstance(called, str):
            words.add(called)
    return words


def _senders() -> dict[str, list[str]]:
    """Files of the worker and the web layer that name an action."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in [*_files("gateway/worker", "web/api", "actors")]:
        for word in _words(ast.parse(path.read_text())):
            found[word].append(_named(path))
    return found


def rows() -> list[Row]:
    """Every action by version and direction."""
    by_word = tests_by_word(words_of_tests())
    senders = _senders()
    made: list[Row] = []
    for version in Version:
        commands = commands_by_action(version)
        made += [
            Row(version, action, False, _heard(version, action), _tests(action, by_word))
            for action in sorted(from_station(version))
        ]
        for action in sorted(from_us(version)):
            handled = [f"`{name}`" for name in commands.get(action, ())]
            handled += [name for name in senders.get(action, ()) if "/worker/" in name][:2]
            made.append(Row(version, action, True, tuple(handled), _tests(action, by_word)))
    return made


def _tests(action: str, by_word: Mapping[str, list[str]]) -> tuple[str, ...]:
    """Single tests before whole files, those of a capability before those of everything."""
    found = by_word.get(action, [])
    return tuple(sorted(found, key=lambda test: ("::" not in test, "generated" in test, test)))


# Use cases and requirements


def requirements_in(*folders: str) -> dict[str, set[str]]:
    """Requirement ids named in files: id → files. `K28.FR.13 to 15` and `K01.FR.31, 35` name each."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in _files(*folders):
        text = path.read_text()
        for case, number in _REQUIREMENT.findall(text):
            found[f"{case}.FR.{number}"].add(_named(path))
        for case, first, more in _LISTED.findall(text):
            for number in _numbers(first, more):
                found[f"{case}.FR.{number}"].add(_named(path))
    return found


def _numbers(first: str, more: str) -> list[str]:
    numbers, last = [first], first
    for joint, number in re.findall(r"(, | and | to |, FR\.|/)(?:FR\.)?(\d{2,3})", more):
        if joint == " to ":
            numbers += [f"{n:0{len(first)}d}" for n in range(int(last) + 1, int(number) + 1)]
        else:
            numbers.append(number)
        last = number
    return numbers


def use_cases_in(*folders: str) -> dict[str, set[str]]:
    """Use cases named in files, by themselves or by one of their requirements."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in _files(*folders):
        for case in _USE_CASE.findall(path.read_text()):
            found[case].add(_named(path))
    return found


def read_csv(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(newline="") as file:
        return list(csv.DictReader(file))


# The page


def page() -> str:
    """The whole page."""
    parts = [
        "# What of OCPP is covered\n\nWritten from the code's own tables by `python -m tests.support.ocpp_coverage`; "
        "`make lint` says when it is out of date.\nEvery action that we begin can also be sent as it stands: "
        "`POST /stations/{station}/ocpp/{Action}`.\n"
    ]
    made = rows()
    for version in Version:
        of_version = [row for row in made if row.version is version]
        parts.append(f"\n## OCPP {version.value}: {len(catalogue.actions(version))} actions\n")
        parts.append(_table("From stations", "Handled by", [row for row in of_version if not row.ours]))
        parts.append(_table("From us", "Neutral command, jobs", [row for row in of_version if row.ours]))
    parts.append(_cases())
    return "".join(parts)


def _table(title: str, handled: str, found: list[Row]) -> str:
    lines = [f"\n### {title}\n\n| Action | {handled} | Tests |\n|---|---|---|\n"]
    lines += [f"| {row.action} | {'<br>'.join(row.handled)} | {_shown_tests(row.tests)} |\n" for row in found]
    return "".join(lines)


def _shown_tests(tests: tuple[str, ...]) -> str:
    shown = [test.removeprefix("tests/").replace("_", "\\_") for test in tests[:_MOST_TESTS]]
    more = f"<br>and {len(tests) - _MOST_TESTS} more" if len(tests) > _MOST_TESTS else ""
    return "<br>".join(shown) + more


def _cases() -> str:
    wanted: dict[str, list[str]] = defaultdict(list)
    for each in read_csv("csms-requirements.csv"):
        wanted[each["id"][:3]].append(each["id"])
    in_code, in_tests = requirements_in(*_CODE), requirements_in("tests")
    code, tests = use_cases_in(*_CODE), use_cases_in("tests")
    lines = [
        "\n## Use cases of OCPP 2.x\n\n*Shall*: requirements of the use case that say what the CSMS shall or shall not "
        "do, and which of them neither code nor a test names.\n\n"
        "| Use case | Versions | Code | Tests | Shall |\n|---|---|---|---|---|\n"
    ]
    for each in read_csv("use-cases.csv"):
        case = each["id"]
        shall = sorted(wanted.get(case, ()))
        missing = [name[7:] for name in shall if name not in in_code or name not in in_tests]
        told = f"{len(shall)}" + (f", open: {', '.join(missing)}" if missing else "") if shall else ""
        lines.append(
            f"| {case} {each['title']} | {each['versions']} | {_few(code.get(case, set()))} "
            f"| {_few(tests.get(case, set()))} | {told} |\n"
        )
    return "".join(lines)


def _few(files: set[str]) -> str:
    shown = [name.removeprefix("tests/").replace("_", "\\_") for name in sorted(files)]
    return "<br>".join(shown[:_MOST_TESTS]) + (f"<br>and {len(shown) - _MOST_TESTS} more" if len(shown) > 3 else "")


def main() -> int:
    text = page()
    if "--check" in sys.argv:
        if PAGE.exists() and PAGE.read_text() == text:
            return 0
        print("docs/ocpp-coverage.md is out of date: run python -m tests.support.ocpp_coverage")
        return 1
    PAGE.write_text(text)
    empty = [f"{row.version.value} {row.action}" for row in rows() if not row.handled or not row.tests]
    print(f"written; {len(empty)} rows are empty: {', '.join(empty)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
