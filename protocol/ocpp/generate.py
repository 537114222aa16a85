"""Writes `protocol/ocpp/messages/v*.py` from the JSON Schemas of the `ocpp` package.

    python -m protocol.ocpp.generate           write them
    python -m protocol.ocpp.generate --check   exit with 1 when one is not current

Needs the development packages (`ocpp`, `ruff`).
"""

import argparse
import subprocess
import sys
from pathlib import Path

from protocol.ocpp.generating.reading import FOLDERS, read
from protocol.ocpp.generating.writing import write
from protocol.ocpp.version import Version

MESSAGES = Path(__file__).parent / "messages"


def generated(version: Version) -> str:
    """The formatted source of one version's module. Independent of the project's settings, so always the same."""
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "120", "-"]
    text = write(read(version))
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)  # noqa: S603 (fixed words)
    return done.stdout


def path_of(version: Version) -> Path:
    """Where a version's module lives."""
    return MESSAGES / f"{FOLDERS[version]}.py"


def stale() -> list[Path]:
    """The modules that differ from what the schemas give."""
    return [path_of(version) for version in Version if not _current(version)]


def _current(version: Version) -> bool:
    path = path_of(version)
    return path.exists() and path.read_text(encoding="utf-8") == generated(version)


def main() -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(description="Generate the typed OCPP messages from their JSON Schemas.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 when a module is not current")
    if parser.parse_args().check:
        old = stale()
        for path in old:
            print(f"{path} is not current; run `python -m protocol.ocpp.generate`", file=sys.stderr)
        return 1 if old else 0
    for version in Version:
        path_of(version).write_text(generated(version), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
