"""Refusals before they are written: merged, bounded, redacted, never lost to a store that is away."""

import datetime

import pytest
import trio
import trio.testing

from gateway.refusals import Refusals
from storage.refusals import KEPT
from tests.support.fake_stations import FakeRefusalStore

NOON = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC)


def made() -> tuple[Refusals, FakeRefusalStore]:
    store = FakeRefusalStore()
    moments = (NOON + datetime.timedelta(seconds=second) for second in range(10**9))
    return Refusals(store, lambda: next(moments)), store


async def test_one_line_for_what_happens_again_and_again(autojump_clock: trio.testing.MockClock) -> None:
    refusals, store = made()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(refusals.run)
        for last in range(100):
            refusals.add(b"/ocpp/CP1?token=abc", f"10.0.0.{last}", "unknown_station", detail="no such", identity="CP1")
        refusals.add(b"/ocpp/CP1", "10.0.1.1", "unknown_station")
        await trio.sleep(3)
        nursery.cancel_scope.cancel()
    first, second = store.written
    assert (first.path, first.address_prefix, first.count) == ("/ocpp/CP1", "10.0.0.0/24", 100)
    assert (first.first_at, first.last_at) == (NOON, NOON + datetime.timedelta(seconds=99))
    assert (second.address_prefix, second.count) == ("10.0.1.0/24", 1)


async def test_nothing_is_lost_while_the_store_is_away(autojump_clock: trio.testing.MockClock) -> None:
    refusals, store = made()
    store.away = True
    async with trio.open_nursery() as nursery:
        nursery.start_soon(refusals.run)
        refusals.add(b"/ocpp/CP1", "10.0.0.1", "password_wrong")
        await trio.sleep(10)
        refusals.add(b"/ocpp/CP1", "10.0.0.1", "password_wrong")
        assert store.written == []
        store.away = False
        nursery.cancel_scope.cancel()  # what is left is written at the end
    assert [refusal.count for refusal in store.written] == [2]


async def test_nothing_is_lost_when_a_write_is_cut_short(autojump_clock: trio.testing.MockClock) -> None:
    refusals, store = made()
    refusals.add(b"/ocpp/CP1", "10.0.0.1", "password_wrong")
    with trio.CancelScope() as scope:
        scope.cancel()
        await refusals.flush()
    assert store.written == []
    await refusals.flush()
    assert [refusal.count for refusal in store.written] == [1]


async def test_their_number_is_bounded_and_they_go_in_batches() -> None:
    refusals, store = made()
    for number in range(KEPT + 500):
        refusals.add(b"/ocpp/%d" % number, "10.0.0.1", "unknown_station")
    assert len(refusals) == KEPT
    assert refusals.dropped == 500
    refusals.add(b"/ocpp/1", "10.0.0.1", "unknown_station")
    assert refusals.dropped == 500
    await refusals.flush()
    assert len(refusals) == 0
    assert max(store.batches) <= 500


@pytest.mark.parametrize("secret", ["hunter2", "aHVudGVyMg=="])
async def test_no_secret_is_kept(secret: str) -> None:
    refusals, store = made()
    headers = [
        (b"Authorization", f"Basic {secret}".encode()),
        (b"authorization", secret.encode()),
        (b"cookie", secret.encode()),
        (b"x-api-key", secret.encode()),
        (b"user-agent", b"station/1 \x00\xff"),
    ]
    for target in (f"/ocpp/CP1?password={secret}", f"http://user:{secret}@host/ocpp/CP2", f"/ocpp/CP3#{secret}"):
        refusals.add(target.encode(), "10.0.0.1", "password_wrong", headers=headers)
    await refusals.flush()
    assert secret not in repr(store.written)
    assert [refusal.path for refusal in store.written] == ["/ocpp/CP1", "/ocpp/CP2", "/ocpp/CP3"]
    assert store.written[0].headers["user-agent"] == "station/1 \ufffdÿ"


@pytest.mark.parametrize(("came", "shown"), [
    (b"", None),
    (b"\x16\x03\x01\x02", "\\x16\\x03\\x01\\x02"),
    (b"\x00" * 200, "\\x00" * 48 + "…"),
    (b"GET /ocpp/CP1?token=abc HTTP/1.1\r\nHost: x\r\nAuthorization: Basic aHVudGVyMg==\r\nX-Key: abc\r\n\r\n",
     "GET /ocpp/CP1 HTTP/1.1\nHost: x\nAuthorization: Basic (not kept)\nX-Key: (not kept)"),
    (b"GET ws://u:hunter2@h/ocpp/\xc3\xbc HTTP/1.1\r\nUser-Agent: a\x01b\r\n hunter2\r\n\r\n",
     "GET /ocpp/\\xc3\\xbc HTTP/1.1\nUser-Agent: a\\x01b\n(not kept)"),
])  # fmt: skip
async def test_what_came_is_kept_readable_and_without_secrets(came: bytes, shown: str | None) -> None:
    refusals, store = made()
    refusals.add(b"/ocpp/CP1", "10.0.0.1", "not_http", request=came)
    await refusals.flush()
    assert store.written[0].request == shown


async def test_a_long_request_is_cut() -> None:
    refusals, store = made()
    refusals.add(b"/", "10.0.0.1", "not_http", request=b"GET / HTTP/1.1\r\nVia: " + b"a" * 9000)
    await refusals.flush()
    assert len(store.written[0].request or "") == 4097
