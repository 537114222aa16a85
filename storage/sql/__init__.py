"""Plain SQL, one statement a file, named noun first and verb last: `station_get.sql`, `session_end.sql`."""

from __future__ import annotations

import functools
from importlib.resources import files


@functools.cache
def sql(name: str) -> str:
    """The statement in `NAME.sql` here. KeyError, with the names that begin alike, when there is none."""
    folder = files(__name__)
    file = folder / f"{name}.sql"
    if not name.isidentifier() or not file.is_file():
        noun = name.split("_")[0]
        alike = sorted(each.name for each in folder.iterdir() if each.name.startswith(noun) and each.name[-4:] == ".sql")
        raise KeyError(f"no storage/sql/{name}.sql; beginning alike: {', '.join(alike) or 'none'}")
    return file.read_text(encoding="utf-8")
