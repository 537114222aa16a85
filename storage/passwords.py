"""Station passwords: how they are made, kept and checked.

Kept forms say what they are:

- `blake2b$PEPPER_ID$SALT$DIGEST` for passwords that `generate` made. They have 160 random bits, so a fast hash is as
  good as a slow one, and a storm of 10,000 stations costs microseconds each. The key (pepper) lies in a file outside
  the database: whoever has the database alone cannot even test a guess.
- `$argon2id$…` (the usual encoded form) for those a person chose. Slow on purpose, so it runs in few threads, one at a
  time for one kept form, and what was found is remembered in memory under a keyed digest. Repeated right and wrong
  passwords cost nothing, and a guesser at one station delays the others by one check at most.
"""

import hmac
import os
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import argon2
import structlog
import trio
from argon2.exceptions import InvalidHashError, VerificationError

from actors.ports import StoreUnavailable
from storage.errors import StoreError

log = structlog.get_logger(__name__)

_GENERATED = "blake2b"
_PERSON = b"voltyard-station"
_GENERATED_BYTES = 20  # 40 hex digits: what a 1.6 AuthorizationKey and a 2.x BasicAuthPassword both may be
_PEPPER_BYTES = 32
_REMEMBERED = 20_000
_GUESSERS = 8  # checks of one kept form that may wait at once


class Passwords:
    """Use `Passwords.open`. All methods may be called from many tasks at once."""

    def __init__(self, pepper: bytes, *, threads: int = 2, hasher: argon2.PasswordHasher | None = None) -> None:
        self._pepper = pepper
        self._pepper_id = blake2b(b"id", key=pepper, digest_size=4).hexdigest()
        # OWASP's smaller recommendation: a station's check may not take 64 MiB of a small machine.
        self._slow = hasher or argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._threads = trio.CapacityLimiter(threads)
        self._known: OrderedDict[bytes, bool] = OrderedDict()
        self._memory_key = secrets.token_bytes(32)
        self._turns: dict[str, tuple[trio.Lock, int]] = {}  # lock and users, by kept form under check

    @classmethod
    def open(cls, data_dir: Path) -> "Passwords":
        """With the pepper of this data directory, made at the first start. Blocking, a few file operations.

        Raises StoreError when the file cannot be trusted. Several nodes on one database need the same file.
        """
        return cls(read_pepper(data_dir / "secrets" / "password-pepper"))

    def generate(self) -> str:
        """A new random password: 40 hex digits, 160 bits."""
        return secrets.token_hex(_GENERATED_BYTES)

    def hash_generated(self, password: str) -> str:
        """What to keep of a password that `generate` made."""
        salt = secrets.token_bytes(16)
        return f"{_GENERATED}${self._pepper_id}${salt.hex()}${self._fast(password.encode(), salt).hex()}"

    async def hash_chosen(self, password: str) -> str:
        """What to keep of a password that a person chose. Takes tens of milliseconds in a thread."""
        return await trio.to_thread.run_sync(self._slow.hash, password.encode(), limiter=self._threads)

    async def verify(self, stored: str, candidates: Sequence[bytes]) -> bool:
        """Whether one of `candidates` (forms one password may have) is the one kept as `stored`.

        False for a kept form we cannot read, which is logged. Raises StoreUnavailable when so many guesses at this one
        form wait already that there is no verdict to be had.
        """
        await trio.lowlevel.checkpoint_if_cancelled()
        if stored.startswith(_GENERATED + "$"):
            return self._verify_generated(stored, candidates)
        if stored.startswith("$argon2"):
            return await self._verify_chosen(stored, candidates)
        log.error("a kept password has an unknown form; set a new one", form=stored.split("$")[0][:16])
        return False

    def _verify_generated(self, stored: str, candidates: Sequence[bytes]) -> bool:
        try:
            _, pepper_id, salt_text, digest_text = stored.split("$")
            salt, digest = bytes.fromhex(salt_text), bytes.fromhex(digest_text)
        except ValueError:
            log.error("a kept password is damaged; set a new one")
            return False
        if pepper_id != self._pepper_id:
            log.error("a password was kept under another pepper file than secrets/password-pepper; set a new one")
            return False
        return any(hmac.compare_digest(self._fast(each, salt), digest) for each in candidates)

    async def _verify_chosen(self, stored: str, candidates: Sequence[bytes]) -> bool:
        marks = [self._mark(stored, each) for each in candidates]
        verdict = self._recall(marks)
        if verdict is not None:
            return verdict
        lock, users = self._turns.get(stored) or (trio.Lock(), 0)
        if users >= _GUESSERS:
            raise StoreUnavailable("too many passwords are being tried for this station")
        self._turns[stored] = (lock, users + 1)
        try:
            async with lock:
                return await self._check_slowly(stored, candidates, marks)
        finally:
            lock, users = self._turns.pop(stored)
            if users > 1:
                self._turns[stored] = (lock, users - 1)

    async def _check_slowly(self, stored: str, candidates: Sequence[bytes], marks: Sequence[bytes]) -> bool:
        verdict = self._recall(marks)  # somebody may have tried the same while we waited
        if verdict is not None:
            return verdict
        for candidate, mark in zip(candidates, marks, strict=True):
            right = self._known.get(mark)
            if right is None:
                right = await trio.to_thread.run_sync(self._matches, stored, candidate, limiter=self._threads)
                self._remember(mark, right)
            if right:
                return True
        return False

    def _matches(self, stored: str, candidate: bytes) -> bool:
        try:
            return self._slow.verify(stored, candidate)
        except (VerificationError, InvalidHashError):
            return False

    def _recall(self, marks: Sequence[bytes]) -> bool | None:
        found = [self._known.get(mark) for mark in marks]
        if True in found:
            self._known.move_to_end(marks[found.index(True)])
            return True
        return None if None in found else False

    def _remember(self, mark: bytes, right: bool) -> None:
        self._known[mark] = right
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)

    def _mark(self, stored: str, candidate: bytes) -> bytes:
        return blake2b(stored.encode() + b"\0" + candidate, key=self._memory_key, digest_size=32).digest()

    def _fast(self, password: bytes, salt: bytes) -> bytes:
        return blake2b(password, key=self._pepper, salt=salt, person=_PERSON, digest_size=32).digest()


def read_pepper(path: Path) -> bytes:
    """The secret in `path`, made when there is none. StoreError when others may read it or it is not one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        _write_new(path, secrets.token_hex(_PEPPER_BYTES))
    if path.stat().st_mode & 0o077:
        raise StoreError(f"{path} can be read by others: chmod 600 {path}")
    try:
        pepper = bytes.fromhex(path.read_text().strip())
    except ValueError:
        pepper = b""
    if len(pepper) != _PEPPER_BYTES:
        raise StoreError(
            f"{path} must hold {2 * _PEPPER_BYTES} hex digits: restore it from a backup; when it is lost, remove it, "
            f"and every generated station password must be set anew"
        )
    return pepper


def _write_new(path: Path, text: str) -> None:
    """Whole or not at all, and never over one that another process made meanwhile."""
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        os.write(file, text.encode() + b"\n")
        os.fsync(file)
    finally:
        os.close(file)
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
