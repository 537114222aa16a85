"""Writes docs/ocpp-coverage.md from the code's own tables: `python -m tests.support.ocpp_coverage [--check]`.

For every action of every version, by direction: where it is handled, the neutral command, the tests that drive it by
REST and a simulated station, and apart from them two files that mention it. For every use case of OCPP 2.x: who drives
it in which version, the files that name it, and of the requirements that begin "the CSMS shall" how many are named in
code and in tests. `--check` refuses a page that is out of date, and an action or use case that nobody drives.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from actors.station import decide, phrases
from actors.station.incoming import INCOMING
from protocol.ocpp import catalogue, neutral, v2, v16
from protocol.ocpp.directions import from_station, from_us
from protocol.ocpp.version import Version
from tests.support.driving import ROOT, Driver, drivers, drivers_of_cases, drivers_of_messages
from tests.support.use_cases import read_csv, use_cases
from tests.support.witness import Said

PAGE = ROOT / "docs" / "ocpp-coverage.md"
_CODE = ("protocol", "actors", "storage", "web", "gateway", "simulators")
_REQUIREMENT = re.compile(r"\b([A-S]\d\d)\.FR\.(\d{2,3})\b")
_LISTED = re.compile(r"\b([A-S]\d\d)\.FR\.(\d{2,3})((?:(?:, | and | to |, FR\.|/)(?:FR\.)?\d{2,3}\b)+)")
_USE_CASE = re.compile(r"\b([A-S]\d\d)\b")
_MOST = 3
_MOST_MENTIONS = 2


@attrs.frozen
class Row:
    """One action of one version in one direction. `driven`: tests, as `file::case`; `mentioned`: other files."""

    version: Version
    action: str
    ours: bool
    handled: tuple[str, ...]
    driven: tuple[str, ...]
    mentioned: tuple[str, ...]


def _files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "messages" not in path.parts:
                yield path


def _named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# Which files of tests have which words


def files_by_word() -> dict[str, list[str]]:
    """Files of tests in which a text has that word."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in _files("tests"):
        if path.name.startswith("test_"):
            for word in _words(ast.parse(path.read_text())):
                found[word].append(_named(path))
    return found


def _words(node: ast.AST) -> set[str]:
    words: set[str] = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and len(each.value) < 20_000:
            words.update(re.findall(r"[A-Za-z][A-Za-z0-9-]{2,}", each.value))
    return words


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
    by_word, senders, driven = files_by_word(), _senders(), drivers_of_messages(drivers())
    made: list[Row] = []

    def row(version: Version, action: str, ours: bool, handled: tuple[str, ...]) -> Row:
        tests = tuple(driven.get((version, Said(ours, action)), ()))
        files = {test.partition("::")[0] for test in tests}
        mentioned = tuple(file for file in by_word.get(action, ()) if file not in files)
        return Row(version, action, ours, handled, tests, mentioned)

    for version in Version:
        commands = commands_by_action(version)
        made += [row(version, action, False, _heard(version, action)) for action in sorted(from_station(version))]
        for action in sorted(from_us(version)):
            handled = [f"`{name}`" for name in commands.get(action, ())]
            handled += [name for name in senders.get(action, ()) if "/worker/" in name][:2]
            made.append(row(version, action, True, tuple(handled)))
    return made


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


# What is missing


def empty_rows(made: list[Row]) -> list[str]:
    """Actions without a handler, or that nobody drives."""
    return [
        f"{row.version.value} {Said(row.ours, row.action)}: nobody {'drives' if row.handled else 'handles'} it"
        for row in made if not row.handled or not row.driven
    ]  # fmt: skip


def undriven_cases(found: list[Driver]) -> list[str]:
    """Use cases that nobody drives in a version that has them, and drivers of what does not exist."""
    driven = drivers_of_cases(found)
    wanted = {(case.id, version) for case in use_cases().values() for version in case.versions}
    missing = [f"{version.value} {case}: nobody drives it" for case, version in sorted(wanted - driven.keys())]
    unknown = [
        f"{version.value} {name}: there is no such use case or action ({tests[0]})"
        for (name, version), tests in driven.items()
        if (name, version) not in wanted and name not in catalogue.actions(version)
    ]
    return missing + unknown


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
    lines = [f"\n### {title}\n\n| Action | {handled} | Driven by | Also mentioned in |\n|---|---|---|---|\n"]
    lines += [
        f"| {row.action} | {'<br>'.join(row.handled)} | {_shown(row.driven)} "
        f"| {_shown(row.mentioned[:_MOST_MENTIONS])} |\n"
        for row in found
    ]
    return "".join(lines)


def _shown(names: Collection[str]) -> str:
    """The first few, shortened, and how many more."""
    shown = [_short(name).replace("_", "\\_") for name in list(names)[:_MOST]]
    return "<br>".join(shown) + (f"<br>and {len(names) - _MOST} more" if len(names) > _MOST else "")


def _short(name: str) -> str:
    return name.removeprefix("tests/").replace("scenarios/usecases/test_cases_", "").replace(".py::", ": ")


def _cases() -> str:
    wanted: dict[str, list[str]] = defaultdict(list)
    for each in read_csv("csms-requirements.csv"):
        wanted[each["id"][:3]].append(each["id"])
    in_code, in_tests = requirements_in(*_CODE), requirements_in("tests")
    code, tests, driven = use_cases_in(*_CODE), use_cases_in("tests"), drivers_of_cases(drivers())
    lines = [
        "\n## Use cases of OCPP 2.x\n\n*Driven by*: with the messages of the use case "
        "(`docs/coverage/use-cases.csv`) said and answered. *Shall*: requirements of the use case that say what the "
        "CSMS shall or shall not do, and which of them neither code nor a test names.\n\n"
        "| Use case | Versions | Driven by | Code | Also named in | Shall |\n|---|---|---|---|---|---|\n"
    ]
    for case in use_cases().values():
        by = list(dict.fromkeys(test for version in case.versions for test in driven.get((case.id, version), ())))
        others = sorted(tests.get(case.id, set()) - {test.partition("::")[0] for test in by})
        shall = sorted(wanted.get(case.id, ()))
        missing = [name[7:] for name in shall if name not in in_code or name not in in_tests]
        told = f"{len(shall)}" + (f", open: {', '.join(missing)}" if missing else "") if shall else ""
        lines.append(
            f"| {case.id} {case.title} | {' '.join(version.value for version in case.versions)} | {_shown(by)} "
            f"| {_shown(sorted(code.get(case.id, set())))} | {_shown(others[:_MOST_MENTIONS])} | {told} |\n"
        )
    return "".join(lines)


def main() -> int:
    text = page()
    lacking = empty_rows(rows()) + undriven_cases(drivers())
    for each in lacking:
        print(f"docs/ocpp-coverage.md: {each}")
    if "--check" not in sys.argv:
        PAGE.write_text(text)
    elif not PAGE.exists() or PAGE.read_text() != text:
        print("docs/ocpp-coverage.md is out of date: run python -m tests.support.ocpp_coverage")
        return 1
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
