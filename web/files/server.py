"""What the file server is given, and the addresses it makes."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final, TypeVar
from urllib.parse import quote
from uuid import UUID

import attrs
import trio
import uuid_utils.compat as uuids

from storage.files import FileStore
from storage.pool import Connection
from storage.web.file_addresses import NewAddress, insert_address, key_hash, make_key

PREFIX: Final = "/files/"
_THREADS: Final = 8
_CHECKS: Final = 2  # files at once whose digests are reckoned: each takes seconds, and leaves the other threads alone
T = TypeVar("T")


@attrs.frozen
class FileRules:
    """Limits in bytes, life of addresses in time."""

    most_firmware: int = 512 * 2**20
    most_log: int = 256 * 2**20
    firmware_life: timedelta = timedelta(days=7)
    log_life: timedelta = timedelta(days=1)
    image_life: timedelta = timedelta(hours=4)
    silence: float = 60.0  # seconds without a byte, after which a transfer is given up
    longest: float = 7200.0  # seconds of one upload; what came is kept, and the next goes on behind it


@attrs.frozen
class Files:
    """`tenant_of(address id)`: whose it is. `url`: how stations reach us. `ftp`: `ftp://HOST:PORT`, when it is on."""

    store: FileStore
    tenant_of: Callable[[UUID], Awaitable[UUID | None]]
    url: str
    ftp: str | None = None
    rules: FileRules = FileRules()
    busy: set[UUID] = attrs.field(factory=set)  # files that somebody brings just now
    threads: trio.CapacityLimiter = attrs.field(factory=lambda: trio.CapacityLimiter(_THREADS))
    checks: trio.CapacityLimiter = attrs.field(factory=lambda: trio.CapacityLimiter(_CHECKS))

    def occupy(self, file: UUID) -> bool:
        """True when nobody else brings this file just now: take it from `busy` afterwards."""
        if file in self.busy:
            return False
        self.busy.add(file)
        return True

    async def disk(self, work: Callable[[], T]) -> T:
        """`work()` in a thread: nothing on a disk is done on the loop."""
        return await trio.to_thread.run_sync(work, limiter=self.threads)

    async def check(self, work: Callable[[], T]) -> T:
        """The same for work of seconds: few at once, apart from all other."""
        return await trio.to_thread.run_sync(work, limiter=self.checks)


@attrs.frozen
class Made:
    """An address that was made: what to tell the station, and our id of it."""

    id: UUID
    location: str
    expires_at: datetime


@attrs.frozen
class Wanted:
    """What an address is for. `name`: how the file is called in it. `wait`: how long before it will be used."""

    tenant_id: UUID
    purpose: str
    now: datetime
    requested_by: str | None
    station_id: UUID | None = None
    firmware_id: UUID | None = None
    log_type: str | None = None
    name: str | None = None
    ftp: bool = False
    wait: timedelta = timedelta()
    details: dict[str, str] = attrs.field(factory=dict)


async def make_address(connection: Connection, files: Files, wanted: Wanted) -> Made:
    """A new one-time address, in the caller's transaction.

    Uploads end in a slash: stations then append the name they like (2.1, N01.FR.21), and those that do not may not. No
    fragment, no query, and no redirection behind it (N01.FR.26 to 28).
    """
    rules = files.rules
    life = {"firmware": rules.firmware_life, "log": rules.log_life, "image": rules.image_life}[wanted.purpose]
    most = rules.most_log if wanted.purpose == "log" else rules.most_firmware
    address_id, key = uuids.uuid7(), make_key()
    made = Made(address_id, _location(files, wanted, address_id, key), wanted.now + wanted.wait + life)
    await insert_address(connection, NewAddress(
        wanted.tenant_id, address_id, key_hash(key), wanted.purpose, wanted.station_id, wanted.firmware_id,
        wanted.log_type, most, wanted.details, made.expires_at, wanted.requested_by, wanted.now,
    ))  # fmt: skip
    return made


def _location(files: Files, wanted: Wanted, address_id: UUID, key: str) -> str:
    tail = quote(wanted.name, safe="") if wanted.name and wanted.purpose == "firmware" else ""
    if wanted.ftp and files.ftp is not None:
        scheme, _, host = files.ftp.partition("://")
        # The path names the address again, so that it is known in what the station is told.
        return f"{scheme}://{address_id}:{key}@{host}/files/{address_id}/{tail}"
    return f"{files.url}{PREFIX}{address_id}/{key}/{tail}"
