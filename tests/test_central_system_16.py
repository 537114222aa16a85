"""What OCPP 1.6 binds the Central System to: each line of the table names the code that does it, and a test of it.

`docs/coverage/central-system-1.6.csv`; ids: 1.6 and 1.6J with the section, 1.6S with the requirement of the security
whitepaper. `code` and `tests` are `FILE::TEXT` that stands in the file (`~` for a blank), several with blanks between.
"""

import csv
from pathlib import Path

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "docs" / "coverage" / "central-system-1.6.csv"


def _stands(place: str) -> bool:
    name, _, text = place.partition("::")
    path = ROOT / name
    return path.is_file() and text.replace("~", " ") in path.read_text()


def test_every_line_is_handled_and_tested_where_it_says() -> None:
    with TABLE.open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) > 90
    assert len({line["id"] for line in lines}) == len(lines)
    wrong = [
        (line["id"], place)
        for line in lines
        for column in ("code", "tests")
        for place in line[column].split(" ") or [""]
        if not _stands(place)
    ]
    assert wrong == []
    assert all(line["tests"].startswith("tests/") and "::" in line["tests"] for line in lines)
