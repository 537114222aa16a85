"""The backup file itself: a tar of `manifest.json`, `database.dump` and `files/…`, and what may go in and come out."""

from __future__ import annotations

import json
import os
import re
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from storage.errors import BackupFault

FORMAT = 1
MANIFEST, DUMP = "manifest.json", "database.dump"
_FILES = "files/"
_FILE_NAME = re.compile(r"files/((?:secrets/)?[A-Za-z0-9_-][A-Za-z0-9_.-]*)")


def write_whole_file(target: Path, manifest: Mapping[str, object], database: Path, data_dir: Path) -> None:
    """Pack manifest, dump and private files into `target`, readable by nobody else, and see it on the disk."""
    listed = database.with_name(MANIFEST)
    listed.write_text(json.dumps({"format": FORMAT, **manifest}, indent=2) + "\n")
    target.touch(mode=0o600)
    with tarfile.open(target, "w") as archive:
        archive.add(listed, MANIFEST)
        archive.add(database, DUMP)
        for path in private_files(data_dir):
            archive.add(path, _FILES + str(path.relative_to(data_dir)))
    with open(target, "rb") as written:
        os.fsync(written.fileno())


def read_manifest(source: Path) -> dict[str, Any]:
    """What a backup says of itself; BackupFault when it is none."""
    try:
        with tarfile.open(source) as archive:
            member = archive.extractfile(MANIFEST)
            manifest = json.load(member) if member else {}
            if manifest.get("format") != FORMAT:
                raise BackupFault(f"{source} has format {manifest.get('format')!r}; this Voltyard reads {FORMAT}")
            archive.getmember(DUMP)
            return dict(manifest)
    except (OSError, KeyError, ValueError, EOFError, tarfile.TarError) as error:
        raise BackupFault(f"{source} is not a Voltyard backup, or is damaged: {error}") from error


def private_files(data_dir: Path) -> Iterator[Path]:
    """What only the node may read, in the data directory and in `secrets`, without the server's passwords."""
    for folder in (data_dir, data_dir / "secrets"):
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            private = path.is_file() and not path.is_symlink() and path.stat().st_mode & 0o077 == 0
            if private and path.name != "lock" and not path.name.startswith(("database-", "postgres.", ".")):
                yield path


def bring_files(archive: tarfile.TarFile, data_dir: Path) -> int:
    """Private files come back where they were, unless there is one of that name."""
    restored = 0
    for member in archive.getmembers():
        wanted = _FILE_NAME.fullmatch(member.name)  # a name from outside: nothing that leads elsewhere
        if wanted is None or not member.isfile():
            continue
        path = data_dir / wanted.group(1)
        if not path.exists():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            take_out(archive, member, path)
            restored += 1
    return restored


def take_out(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    """Writes a member to a new file of ours alone (0600), on disk when this returns. BackupFault when it is no file."""
    content = archive.extractfile(member)
    if content is None:
        raise BackupFault(f"{member.name} in the backup is not a file")
    with content, open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        shutil.copyfileobj(content, file)
        file.flush()
        os.fsync(file.fileno())
