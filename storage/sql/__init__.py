"""Plain SQL, one statement a file, named noun first and verb last: `station_get.sql`, `session_end.sql`."""

from __future__ import annotations

import functools
from importlib.resources import files


@functools.cache
def sql(name: str) -> str:
    """The statement in `NAME.sql` here. KeyError, with the names that begin alike, when there is none."""
    folder = files(__name__)
    path = folder / f"{name}.sql"
    if not name.isidentifier() or not path.is_file():
        noun = name.split("_")[0]
        there = [each.name for each in folder.iterdir() if each.name.endswith(".sql")]
        alike = sorted(file for file in there if file.startswith(noun))
        raise KeyError(f"no storage/sql/{name}.sql; beginning alike: {', '.join(alike) or 'none'}")
    return path.read_text(encoding="utf-8")
