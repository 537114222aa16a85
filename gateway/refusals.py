"""Refused connections, kept for the operator: merged by path, address prefix and reason, written in batches.

A station with a wrong identity redials for ever; what the operator needs is one line that says so, how often, and
since when. Nothing here waits for the store, and nothing secret is kept: of the headers those that explain a refusal,
of `Authorization` only that there was one, of the path no query and no user information.
"""

import datetime
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol
from urllib.parse import urlsplit
from uuid import UUID

import structlog
import trio

from actors.ports import StoreUnavailable
from gateway.proxies import prefix
from storage.refusals import KEPT, Refusal

_BATCH = 500
_EVERY = 2.0  # seconds between writes
_WRITE_DEADLINE = 20.0
_LONGEST = 512  # characters of a path or header that are kept
_LONGEST_REQUEST = 4096
_BEGINNING = 48  # bytes of what is no request
_EXPLAINING = {
    "host", "user-agent", "upgrade", "connection", "origin", "via", "x-forwarded-for", "content-length",
    "sec-websocket-protocol", "sec-websocket-version", "sec-websocket-extensions",
}  # fmt: skip

log = structlog.get_logger(__name__)


class RefusalStore(Protocol):
    """storage/refusals.py, or what a test puts in its place."""

    async def write(self, refusals: Sequence[Refusal]) -> None:
        """Adds counts to the rows of the same path, prefix and reason. Raises StoreUnavailable."""


def redacted_path(target: bytes) -> str:
    """The path of a request target without query and user information, printable, cut."""
    text = target.decode("ascii", "backslashreplace")
    try:
        path = urlsplit(text).path if "://" in text else text
    except ValueError:
        path = "/"
    return _printable(path.partition("?")[0].partition("#")[0])


def redacted_headers(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """The headers that explain a refusal; of credentials only which kind there were."""
    kept: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name = raw_name.decode("latin-1").lower()
        value = raw_value.decode("latin-1")
        if name == "authorization":
            known = value.split(" ")[0].lower() in ("basic", "bearer", "digest")
            kept[name] = f"{value.split(' ')[0] if known else 'unknown scheme'} (not kept)"
        elif name in _EXPLAINING:
            kept[name] = _printable(value)
    return kept


def redacted_request(came: bytes) -> str | None:
    """What came, line by line, as it can be shown: no secrets, what cannot be printed escaped, cut. None for nothing.

    Of a request the values of headers that may hold a secret are left out, of anything else all but its beginning.
    """
    if not came:
        return None
    first, *rest = came.split(b"\n")
    parts = first.rstrip(b"\r").split(b" ")
    if len(parts) < 3 or not parts[-1].startswith(b"HTTP/"):
        return escaped(came[:_BEGINNING]) + ("…" if len(came) > _BEGINNING else "")
    target = redacted_path(b"%20".join(parts[1:-1]))
    lines = [f"{escaped(parts[0])} {target} {escaped(parts[-1])}", *(_shown(line.rstrip(b"\r")) for line in rest)]
    whole = "\n".join(lines).rstrip("\n")
    return whole if len(whole) <= _LONGEST_REQUEST else whole[:_LONGEST_REQUEST] + "…"


def _shown(line: bytes) -> str:
    name, colon, value = line.partition(b":")
    plain = name.decode("latin-1").strip().lower()
    if not colon:
        return "(not kept)" if plain else ""
    if plain == "authorization":
        return f"{escaped(name)}: {redacted_headers([(b'authorization', value.strip())])['authorization']}"
    return f"{escaped(name)}:{escaped(value) if plain in _EXPLAINING else ' (not kept)'}"


def escaped(came: bytes) -> str:
    """ASCII as it is, every other byte and control character as \\x.."""
    return came.decode("latin-1").encode("unicode_escape").decode("ascii")


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "�" for character in text[:_LONGEST])


class Refusals:
    """What was refused and is not written yet. `run` writes it until cancelled, then once more."""

    def __init__(self, store: RefusalStore, now: Callable[[], datetime.datetime]) -> None:
        self._store = store
        self._now = now
        self._pending: dict[tuple[str, str, str], Refusal] = {}
        self.dropped = 0  # different refusals that found no room

    def __len__(self) -> int:
        return len(self._pending)

    def add(
        self,
        target: bytes,
        address: str,
        reason: str,
        *,
        detail: str | None = None,
        identity: str | None = None,
        tenant_id: UUID | None = None,
        headers: Iterable[tuple[bytes, bytes]] = (),
        request: bytes = b"",
    ) -> None:
        """Notes one refusal. Never waits."""
        at = self._now()
        said = _printable(detail) if detail else None
        who = _printable(identity) if identity else None
        where = redacted_path(target), prefix(address)
        self._merge(Refusal(*where, reason, said, who, tenant_id, redacted_headers(headers), 1, at, at,
                            redacted_request(request)))

    def _merge(self, refusal: Refusal) -> None:
        known = self._pending.get(refusal.key)
        if known is None and len(self._pending) >= KEPT:
            self.dropped += 1
            return
        self._pending[refusal.key] = known.merged(refusal) if known else refusal

    async def run(self) -> None:
        try:
            while True:
                await trio.sleep(_EVERY)
                await self.flush()
        finally:
            with trio.move_on_after(_WRITE_DEADLINE, shield=True):
                await self.flush()

    async def flush(self) -> None:
        """Writes what is pending; what the store does not take now stays for the next time."""
        while self._pending:
            batch = list(self._pending.values())[:_BATCH]
            for refusal in batch:
                del self._pending[refusal.key]
            try:
                with trio.fail_after(_WRITE_DEADLINE):
                    await self._store.write(batch)
            except (StoreUnavailable, trio.TooSlowError) as error:
                log.warning("refusals cannot be written now", count=len(batch), error=str(error))
                self._put_back(batch)
                return
            except trio.Cancelled:
                self._put_back(batch)  # for the last time, when `run` ends
                raise
            except Exception:
                # A list for the operator is not worth the node: these are lost, the next ones may be kept.
                log.exception("refusals are lost by a fault of ours", count=len(batch))

    def _put_back(self, batch: Sequence[Refusal]) -> None:
        for refusal in batch:
            later = self._pending.pop(refusal.key, None)
            self._merge(refusal.merged(later) if later else refusal)
