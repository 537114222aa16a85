"""Several pytest processes share one run: every test is run, and by one of them only."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.sharing import counted, summary

pytest_plugins = ["pytester"]
_FILE = """
import pytest

def test_one(): pass
{mark}
def test_two(): pass
"""


@pytest.fixture
def shared(pytester: pytest.Pytester) -> Path:
    """The folder in which they say what they have taken; three files to be run."""
    pytester.makeini("[pytest]\nmarkers =\n slow: .\n server: .\n")
    marks = {"test_a": "", "test_b": "@pytest.mark.slow", "test_c": "@pytest.mark.server"}
    pytester.makepyfile(**{name: _FILE.format(mark=mark) for name, mark in marks.items()})
    return pytester.mkdir(".shared")


def run(pytester: pytest.Pytester, shared: Path) -> list[str]:
    result = pytester.runpytest_inprocess(
        f"--shared={shared}", "-s", "-v", "-p", "no:cacheprovider", "-p", "tests.support.sharing"
    )
    assert result.ret == 0
    return [line.split(" ")[0] for line in result.outlines if "PASSED" in line]


def test_the_slow_come_first_and_nothing_is_run_twice(pytester: pytest.Pytester, shared: Path) -> None:
    first = run(pytester, shared)
    assert first == [f"test_{file}.py::test_{test}" for file in "bca" for test in ("one", "two")]
    assert run(pytester, shared) == []


def test_what_another_has_taken_is_left_to_it(pytester: pytest.Pytester, shared: Path) -> None:
    (shared / "test_b.py").touch()
    assert {line.partition("::")[0] for line in run(pytester, shared)} == {"test_c.py", "test_a.py"}
    assert sorted(path.name for path in shared.iterdir()) == ["test_a.py", "test_b.py", "test_c.py"]


def test_the_end_is_one_summary_of_all() -> None:
    first = counted("===== 1 failed, 2 passed, 1 skipped, 3 deselected, 2 errors in 64.10s (0:01:04) =====\n")
    second = counted("================ 1 error in 1.00s ================")
    assert counted("1 passed test of errors") == Counter()
    said = summary(first + second, timedelta(seconds=64.1), 1)
    assert said.strip("=") == " 1 failed, 2 passed, 1 skipped, 3 errors in 64.10s (0:01:04) "
    assert "1 passed, 1 error in" in summary({"passed": 1}, timedelta(seconds=1), 139)  # one that a signal ended
