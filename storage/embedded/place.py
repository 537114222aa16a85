"""What lies where in the data directory: the cluster, its port, its passwords, the server's pid."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

import attrs

from storage.embedded.account import Account, server_account
from storage.embedded.binaries import SHARED_HOME, make_passable
from storage.errors import EmbeddedFault

#: Our names for the roles, and what PostgreSQL calls them. `admin` is the superuser: backups and set-up only.
ROLES = {"admin": "postgres", "owner": "voltyard_owner", "node": "voltyard_node", "web": "voltyard_web"}
DATABASE = "voltyard"


@attrs.frozen
class Place:
    """The paths of one data directory. `cluster` is PostgreSQL's own folder, usually inside it."""

    data_dir: Path
    cluster: Path
    account: Account

    @property
    def name(self) -> str:
        """The cluster's unique name, shown in the title of every server process."""
        return "voltyard-" + _digest(self.cluster)[:12]

    @property
    def pid_file(self) -> Path:
        return self.data_dir / "postgres.pid"

    @property
    def port_file(self) -> Path:
        return self.data_dir / "postgres.port"

    @property
    def start_log(self) -> Path:
        return self.data_dir / "postgres.start.log"

    @property
    def log_folder(self) -> Path:
        return self.cluster / "log"

    def exists(self) -> bool:
        return (self.cluster / "PG_VERSION").exists()

    def major(self) -> int:
        """The PostgreSQL major that wrote the cluster."""
        return int((self.cluster / "PG_VERSION").read_text().strip())


def find_place(data_dir: Path, report: Callable[[str], None]) -> Place:
    """The place for `data_dir`, which exists; below /var/lib/voltyard when the server's account cannot reach it."""
    inside = data_dir / "postgres"
    pointer = data_dir / "postgres.elsewhere"
    if pointer.exists() and not inside.exists():
        cluster = Path(pointer.read_text().strip())
        return Place(data_dir, cluster, server_account(cluster))
    account = server_account(inside)
    if account.can_pass(data_dir):
        return Place(data_dir, inside, account)
    if (inside / "PG_VERSION").exists():
        raise EmbeddedFault(
            f"the database in {inside} belongs to {account.name}, who can no longer reach it: make {data_dir} and the "
            f"folders above it passable (chmod o+x)"
        )
    cluster = SHARED_HOME / _digest(data_dir)[:16] / "postgres"
    make_passable(cluster.parent)
    write_whole(pointer, f"{cluster}\n", 0o644)
    report(f"{account.name} cannot reach {data_dir}: the database lies in {cluster}")
    return Place(data_dir, cluster, account)


def password(data_dir: Path, role: str) -> str:
    """The password of one of `ROLES`, made at first use and kept in a file that only we can read."""
    folder = data_dir / "secrets"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"database-{role}"
    if not path.exists():
        write_whole(path, secrets.token_urlsafe(24) + "\n", 0o600)
    found = path.read_text().strip()
    if not found:
        raise EmbeddedFault(f"{path} is empty: remove it, and a new password is made at the next start")
    return found


def url(data_dir: Path, port: int, role: str, database: str) -> str:
    """The address of the embedded server for one of `ROLES`. No TLS: it listens on loopback only."""
    if role not in ROLES:
        raise ValueError(f"no such database role: {role!r}; there are {', '.join(ROLES)}")
    return f"postgresql://{ROLES[role]}:{password(data_dir, role)}@127.0.0.1:{port}/{database}?sslmode=disable"


def kept_port(place_or_dir: Place | Path) -> int | None:
    """The port chosen at the first start, or None."""
    data_dir = place_or_dir.data_dir if isinstance(place_or_dir, Place) else place_or_dir
    try:
        return int((data_dir / "postgres.port").read_text().strip())
    except (OSError, ValueError):
        return None


def write_whole(path: Path, text: str, mode: int) -> None:
    """Write `path` so that a crash leaves either the old or the new content, never a part."""
    temporary = path.with_name(path.name + ".new")
    temporary.unlink(missing_ok=True)
    file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        os.write(file, text.encode())
        os.fsync(file)
    finally:
        os.close(file)
    temporary.replace(path)


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()
