"""Station passwords: generated ones cheap and keyed, chosen ones slow and remembered, guessers contained."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import argon2
import pytest
import trio
import trio.testing

from actors.ports import StoreUnavailable
from storage.errors import StoreError
from storage.passwords import Passwords, read_pepper


class CountingHasher(argon2.PasswordHasher):
    """Real hashes of the smallest cost, counted; `hold` stops verification until it is cleared."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified = 0
        self.running = 0
        self.most = 0
        self.pause = 0.0
        self.first_waits: threading.Event | None = None

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override] # noqa: A002
        self.verified += 1
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            time.sleep(self.pause)
            if self.first_waits is not None and self.running == 1:
                self.first_waits.wait(20)
            return super().verify(hash, password)
        finally:
            self.running -= 1


@pytest.fixture
def hasher() -> CountingHasher:
    return CountingHasher()


@pytest.fixture
def passwords(hasher: CountingHasher) -> Passwords:
    return Passwords(b"p" * 32, hasher=hasher)


async def test_a_generated_password_is_recognised_and_no_other(passwords: Passwords, hasher: CountingHasher) -> None:
    password = passwords.generate()
    stored = passwords.hash_generated(password)
    assert stored.startswith("blake2b$")
    assert password not in stored
    assert await passwords.verify(stored, [b"x", password.encode()])
    assert not await passwords.verify(stored, [password[:-1].encode(), b""])
    assert not await passwords.verify(stored, [])
    assert hasher.verified == 0


def test_generated_passwords_fit_every_version_and_never_repeat(passwords: Passwords) -> None:
    made = {passwords.generate() for _ in range(1000)}
    assert len(made) == 1000
    assert all(len(each) == 40 and int(each, 16) >= 0 for each in made)
    assert passwords.hash_generated("same") != passwords.hash_generated("same")


async def test_without_the_pepper_a_kept_password_is_worthless(passwords: Passwords) -> None:
    stored = passwords.hash_generated("secret")
    assert not await Passwords(b"q" * 32).verify(stored, [b"secret"])


@pytest.mark.parametrize("stored", ["", "plain", "md5$1", "blake2b$", "blake2b$1$zz$zz", "$argon2id$broken"])
async def test_a_kept_form_that_cannot_be_read_lets_nobody_in(passwords: Passwords, stored: str) -> None:
    assert not await passwords.verify(stored, [b"", stored.encode()])


async def test_a_chosen_password_is_checked_slowly_once(passwords: Passwords, hasher: CountingHasher) -> None:
    stored = await passwords.hash_chosen("pässword")
    assert stored.startswith("$argon2id$")
    for _ in range(3):
        assert await passwords.verify(stored, ["pässword".encode()])
        assert not await passwords.verify(stored, [b"wrong"])
        assert await passwords.verify(stored, [b"wrong", "pässword".encode()])
    assert hasher.verified == 2


async def test_a_changed_password_is_not_remembered_as_the_old_one(passwords: Passwords) -> None:
    old, new = await passwords.hash_chosen("one"), await passwords.hash_chosen("two")
    assert await passwords.verify(old, [b"one"])
    assert not await passwords.verify(new, [b"one"])


async def test_a_guesser_holds_one_thread_at_most_and_others_are_served(
    passwords: Passwords, hasher: CountingHasher
) -> None:
    guessed, mine = await passwords.hash_chosen("a"), await passwords.hash_chosen("b")
    hasher.first_waits = threading.Event()
    said: list[bool] = []

    async def guess(number: int) -> None:
        said.append(await passwords.verify(guessed, [f"guess {number}".encode()]))

    async with trio.open_nursery() as nursery:
        for number in range(8):
            nursery.start_soon(guess, number)
        await trio.testing.wait_all_tasks_blocked()
        with trio.fail_after(10):
            while not hasher.running:  # noqa: ASYNC110 - a thread tells; the first must be a guess
                await trio.sleep(0.001)
        with pytest.raises(StoreUnavailable):
            await passwords.verify(guessed, [b"one too many"])
        with trio.fail_after(10):
            assert await passwords.verify(mine, [b"b"])
        assert (said, hasher.most) == ([], 2)
        hasher.first_waits.set()
    assert said == [False] * 8
    assert hasher.most <= 2
    assert not passwords._turns


async def test_a_storm_of_generated_passwords_costs_microseconds_each(passwords: Passwords) -> None:
    kept = [(passwords.hash_generated(word), word.encode()) for word in (passwords.generate() for _ in range(2000))]
    began = time.process_time()
    for stored, word in kept:
        assert await passwords.verify(stored, [word])
    assert (time.process_time() - began) / len(kept) < 200e-6


def test_the_pepper_is_made_once_and_is_ours_alone(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "password-pepper"
    first = read_pepper(path)
    assert len(first) == 32
    assert read_pepper(path) == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["password-pepper"]
    path.chmod(0o644)
    with pytest.raises(StoreError, match="chmod 600"):
        read_pepper(path)
    path.chmod(0o600)
    path.write_text("")
    with pytest.raises(StoreError, match="restore it from a backup"):
        read_pepper(path)


async def test_passwords_survive_a_restart(tmp_path: Path) -> None:
    stored = Passwords.open(tmp_path).hash_generated("word")
    assert await Passwords.open(tmp_path).verify(stored, [b"word"])
