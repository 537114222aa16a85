"""Imports run one way, and what must be pure imports no event loop. Walks the source, so that nothing hides."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ORDER = ("gateway", "web", "storage", "actors", "protocol")
MAY_IMPORT = {
    **{name: set(ORDER[place:]) for place, name in enumerate(ORDER)},
    "simulators": {"simulators", "protocol"},
}
MAY_IMPORT["gateway"].add("simulators")  # the demo's plan is data; the stations themselves are a child process
ASYNCIO_ALLOWED = ("storage/bridge.py", "storage/pool.py", "simulators/bench/")
LOOPS_ALLOWED_IN_ACTORS = {
    "actors/kernel/actor.py",
    "actors/kernel/supervisor.py",
    "actors/kernel/timers.py",
    "actors/station/asking.py",
    "actors/station/hearing.py",
    "actors/station/commands.py",
    "actors/station/service.py",
    "actors/station/trouble.py",
    "actors/station/waiting.py",
}


def sources(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


@cache
def imported(path: Path) -> tuple[str, ...]:
    return tuple(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None and not node.level:
            yield node.module


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_run_one_way(package: str) -> None:
    ours = set(ORDER) | {"simulators", "tests"}
    wrong = [
        f"{name_of(path)} imports {module}"
        for path in sources(package)
        for module in imported(path)
        if (top := module.partition(".")[0]) in ours and top not in MAY_IMPORT[package]
        # The benchmark builds the whole thing in order to measure it.
        and not name_of(path).startswith("simulators/bench/")
    ]
    assert not wrong


@pytest.mark.parametrize("package", ["gateway/worker", "web/commands"])
def test_what_jobs_use_knows_nothing_of_requests(package: str) -> None:
    wrong = [
        f"{name_of(path)} imports {module}"
        for path in sources(package)
        for module in imported(path)
        if f"{module}.".startswith("web.api.")
    ]
    assert not wrong


def test_protocol_knows_no_loop_and_no_clock() -> None:
    wrong = [
        f"{name_of(path)} imports {module}"
        for path in sources("protocol")
        for module in imported(path)
        if module.partition(".")[0] in {"trio", "asyncio", "anyio", "time", "socket"}
    ]
    assert not wrong


def test_decisions_of_actors_know_no_loop() -> None:
    wrong = [
        f"{name_of(path)} imports {module}"
        for path in sources("actors")
        if name_of(path) not in LOOPS_ALLOWED_IN_ACTORS
        for module in imported(path)
        if module.partition(".")[0] in {"trio", "asyncio", "time"}
    ]
    assert not wrong


def test_asyncio_is_where_it_may_be() -> None:
    wrong = [
        name_of(path)
        for package in MAY_IMPORT
        for path in sources(package)
        if "asyncio" in {module.partition(".")[0] for module in imported(path)}
        and not name_of(path).startswith(ASYNCIO_ALLOWED)
    ]
    assert not wrong


def test_only_one_file_knows_websocket_frames() -> None:
    wrong = [
        name_of(path)
        for package in ORDER
        for path in sources(package)
        if any(module.startswith("wsproto") and module != "wsproto.utilities" for module in imported(path))
        and name_of(path) != "gateway/websocket.py"
    ]
    assert not wrong
