"""What actors ask of the database (`actors.ports.Store`), answered by PostgreSQL.

Writing goes through the journal. Reading has a deadline; a station's image is fetched together with those of others who
ask at the same time, and not before everything that station wrote is decided.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import asyncpg
import msgspec
import trio

from actors.contract.emaid import spellings
from actors.ports import StationConfig, StationImage, StoreUnavailable, TokenFact, Weighed
from actors.records import CommandRecord, ReadingRecord, SessionRecord, Unit, UnmatchedRecord
from storage import errors
from storage.bridge import Bridge
from storage.gather import Gather
from storage.journal import Journal, open_journal
from storage.keys import identity_key, uid_key
from storage.pool import Pool
from storage.shapes import config_of, image_of, token_of, weighed_of
from storage.sql import sql

T = TypeVar("T")

_STATIONS_A_QUERY = 256
_LINE = 20_000  # askers for a station's image; a storm of 10,000 fits


class PostgresStore:
    """Made by `open_store`. Implements `actors.ports.Store`; `journal` and `pool` are there for metrics and upkeep."""

    def __init__(self, pool: Pool, journal: Journal, deadline: float) -> None:
        self.pool = pool
        self.journal = journal
        self.loads: Gather[tuple[str | None, str], StationImage | None] = Gather(
            self._load_stations, most=_STATIONS_A_QUERY, line=_LINE
        )
        self._deadline = deadline

    async def load_station(self, tenant_slug: str | None, identity: str) -> StationImage | None:
        """The station of that identity, ignoring case (unique so within a tenant); None when there is none.

        A slug that is no tenant's means the default tenant.
        """
        key = (tenant_slug, identity_key(identity))
        if not _storable(key):
            return None

        async def load() -> StationImage | None:
            image = await self.loads.ask(key)
            while image is not None and self.journal.undecided(image.config.id):
                # What it wrote last may yet be committed: an image without that would make the station's actor
                # take a repeated message for a new one.
                await self.journal.settled(image.config.id)
                image = await self.loads.ask(key)
            return image

        return await self._within(load)

    async def reload_config(self, station_id: UUID) -> StationConfig | None:
        """Its configuration as it is now; None when deleted."""
        row = await self._row("station_load_config", station_id)
        return None if row is None else config_of(row)

    async def record(self, unit: Unit) -> bool:
        """See `Journal.record`."""
        return await self.journal.record(unit)

    async def find_token(self, tenant_id: UUID, uid: str, *, prefix: bool) -> TokenFact | None:
        """The token of that uid, ignoring case; with `prefix` also the only one that shares its first 20 characters."""
        if not _storable((uid,)):
            return None
        row = await self._row("token_find", tenant_id, await self._token_key(tenant_id, uid), prefix)
        if row is None:
            return None
        return token_of(row)

    async def weigh_token(self, tenant_id: UUID, station_id: UUID, uid: str, *, prefix: bool) -> Weighed:
        """The token with the rules of that station, its open sessions and what is reserved there, in one query."""
        key = await self._token_key(tenant_id, uid) if _storable((uid,)) else ""
        row = await self._row("token_weigh", tenant_id, station_id, key, prefix)
        return Weighed() if row is None else weighed_of(row)

    async def _token_key(self, tenant_id: UUID, uid: str) -> str:
        """The key it is kept under: contract ids are the same in all their spellings."""
        key, forms = uid_key(uid), spellings(uid)
        row = await self._row("token_contract_find", tenant_id, list(forms), key) if forms else None
        return key if row is None else str(row["uid_key"])

    async def find_session(
        self, station_id: UUID, *, business_key: str | None, transaction_id: str | None
    ) -> SessionRecord | None:
        """The newest session of that station by business key, else by the station's transaction id."""
        if not _storable((business_key, transaction_id)):
            return None
        row = await self._row("session_find", station_id, business_key, transaction_id)
        return None if row is None else msgspec.json.decode(row[0], type=SessionRecord)

    async def find_unmatched(self, station_id: UUID) -> Sequence[UnmatchedRecord]:
        """What no session has taken yet, newest first, at most 50."""
        rows = await self._rows("unmatched_find", station_id)
        return [UnmatchedRecord(**dict(row)) for row in rows]

    async def readings_since(self, station_id: UUID, session_id: UUID, after: datetime) -> Sequence[ReadingRecord]:
        """Readings of a session received after `after`, in order."""
        rows = await self._rows("session_find_readings", station_id, session_id, after)
        return [ReadingRecord(**dict(row)) for row in rows]

    async def find_unanswered(self, station_id: UUID, message_id: str) -> CommandRecord | None:
        """The command of that station which was sent under that message id and has no answer yet."""
        if not _storable((message_id,)):
            return None
        row = await self._row("command_unanswered", station_id, message_id)
        return None if row is None else msgspec.json.decode(row[0], type=CommandRecord)

    async def forget_online(self) -> int:
        """Every station is offline, whatever a killed node left. Returns how many were not."""
        said = await self._within(lambda: self.pool.execute(sql("station_load_forget_online")))
        return int(said.split(" ")[-1])

    async def _load_stations(self, keys: Sequence[tuple[str | None, str]]) -> list[StationImage | None]:
        wanted = list(dict.fromkeys(keys))
        rows = await self.pool.fetch(sql("station_load"), [slug for slug, _ in wanted], [who for _, who in wanted])
        found = {wanted[row["n"] - 1]: image_of(row) for row in rows}
        return [found.get(key) for key in keys]

    async def _row(self, name: str, *arguments: object) -> asyncpg.Record | None:
        return await self._within(lambda: _patiently(lambda: self.pool.fetchrow(sql(name), *arguments)))

    async def _rows(self, name: str, *arguments: object) -> list[asyncpg.Record]:
        return await self._within(lambda: _patiently(lambda: self.pool.fetch(sql(name), *arguments)))

    async def _within(self, ask: Callable[[], Awaitable[T]]) -> T:
        """`ask`'s answer before the deadline; StoreUnavailable for none, whatever the database's reason."""
        try:
            with trio.fail_after(self._deadline):
                return await ask()
        except trio.TooSlowError:
            raise StoreUnavailable(f"the database did not answer within {self._deadline:g} s") from None
        except (errors.StoreUnavailable, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise StoreUnavailable(f"the database gave no answer: {error}") from error


async def _patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """`ask`'s answer, asked again while nobody is at the database's address or the connection is lost.

    A station's message waits for a database that restarts, just as its records do; the caller sets the deadline. Only
    for reading: asking twice changes nothing.
    """
    wait = 0.1
    while True:
        try:
            return await ask()
        except errors.StoreUnavailable:
            await trio.sleep(wait)
            wait = min(2 * wait, 1.0)


def _storable(texts: Sequence[str | None]) -> bool:
    """Whether PostgreSQL could hold these texts; what it could not hold it does not have either."""
    return not any(text is not None and ("\0" in text or _has_surrogate(text)) for text in texts)


def _has_surrogate(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text)


@asynccontextmanager
async def open_store(
    bridge: Bridge,
    node_url: str,
    *,
    deadline: float = 20.0,
    pool_size: int = 4,
    on_committed: Callable[[bool], None] = lambda _events: None,
    grace: float = 10.0,
) -> AsyncIterator[PostgresStore]:
    """The store while the block runs, with its journal on a connection of its own.

    `node_url` logs in as voltyard_node. `deadline` (s) bounds every call; `on_committed(had_events)` is called after
    every commit of the journal; at the end the journal has `grace` s to write what it accepted.
    """
    patience = max(1.0, min(10.0, deadline / 2))
    async with (
        bridge.pool(
            node_url, size=pool_size, name="voltyard node", statement_timeout=deadline, acquire_timeout=deadline
        ) as pool,
        bridge.pool(
            node_url,
            size=1,
            name="voltyard journal",
            statement_timeout=patience,
            acquire_timeout=patience,
            keep=True,
        ) as journal_pool,
        open_journal(journal_pool, deadline=deadline, on_committed=on_committed, grace=grace) as journal,
        trio.open_nursery() as nursery,
    ):
        store = PostgresStore(pool, journal, deadline)
        await nursery.start(store.loads.run)
        try:
            yield store
        finally:
            nursery.cancel_scope.cancel()
