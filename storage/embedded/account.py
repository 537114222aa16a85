"""Which account the server runs under. PostgreSQL refuses root, so root lends it one."""

from __future__ import annotations

import os
import pwd
import subprocess
from pathlib import Path
from typing import Any

import attrs

from storage.errors import EmbeddedFault

_BORROWED = "nobody"


@attrs.frozen
class Account:
    """The account of the server's processes; `switches` when we are root and must become it."""

    name: str
    uid: int
    gid: int
    switches: bool

    def popen(self) -> dict[str, Any]:
        """Arguments for subprocess that make the child this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switches else {}

    def own(self, path: Path) -> None:
        if self.switches:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def can_run(self, program: Path) -> bool:
        """Whether this account may execute `program` where it lies (asked of the kernel, so ACLs count)."""
        return self._test("-x", program)

    def can_pass(self, folder: Path) -> bool:
        """Whether this account may reach what lies inside `folder`."""
        return self._test("-x", folder)

    def _test(self, flag: str, path: Path) -> bool:
        if not self.switches:
            return os.access(path, os.X_OK)
        try:
            asked = subprocess.run(  # noqa: S603 - fixed program, no shell
                ["/usr/bin/test", flag, str(path)], cwd="/", timeout=20, check=False, **self.popen()
            )
        except PermissionError as error:
            raise EmbeddedFault(
                f"PostgreSQL refuses to run as root, and this process may not become {self.name}: {error}. "
                f"Start Voltyard as an ordinary user, or set VOLTYARD_DATABASE_URL to a server"
            ) from error
        return asked.returncode == 0


def server_account(cluster: Path) -> Account:
    """The account for the cluster at `cluster`: its owner's when it exists, else ours, or `nobody` under root."""
    owner = cluster.stat().st_uid if (cluster / "PG_VERSION").exists() else None
    if os.geteuid() != 0:
        mine = Account(_name(os.geteuid()), os.geteuid(), os.getegid(), switches=False)
        if owner is not None and owner != mine.uid:
            raise EmbeddedFault(
                f"the database in {cluster} belongs to {_name(owner)}, and PostgreSQL runs only for its owner: "
                f"start Voltyard as root or as {_name(owner)}, or run chown -R {mine.name} {cluster}"
            )
        return mine
    try:
        entry = pwd.getpwuid(owner) if owner else pwd.getpwnam(_BORROWED)
    except KeyError as error:
        raise EmbeddedFault(
            f"PostgreSQL refuses to run as root and there is no account {owner or _BORROWED} to lend it: "
            f"start Voltyard as an ordinary user"
        ) from error
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, switches=True)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"
