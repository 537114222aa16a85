"""Uploads that are repeated, too many, or too slow; and what is kept of their addresses."""

import hashlib
import json
from collections.abc import AsyncIterator
from unittest import mock

import pytest
import trio
import uuid_utils.compat as uuids

from actors.ports import DEFAULT_TENANT
from storage.errors import StoreUnavailable
from tests.support.api import Api, problem
from tests.web.test_api_files import place, told

pytestmark = pytest.mark.server

BYTES = bytes(range(256)) * 200  # 51 200 of them
SHA = hashlib.sha256(BYTES).hexdigest()
RAW = {"Content-Type": "application/octet-stream"}


async def test_an_announcement_that_is_repeated_gets_another_address_and_none_is_kept(api: Api) -> None:
    key, body = {"Idempotency-Key": "k-1"}, {"version": "4.2.0", "sha256": SHA}
    first = await api.post("/firmware", body, headers=key)
    again = await api.post("/firmware", body, headers=key)
    assert (again.status_code, again.headers["idempotency-replayed"]) == (201, "true")
    assert again.json()["id"] == first.json()["id"]
    old, new = (place(each.json()["upload"]["url"]) for each in (first, again))
    assert old != new
    kept = await api.node.fetchval("select response from idempotency_keys where key = 'k-1'")
    assert "key-" not in json.dumps(kept)
    assert (await api.client.put(old, content=BYTES)).status_code == 410
    assert (await api.client.put(new, content=b"other")).json()["code"] == "wrong_checksum"
    assert (await api.client.put(new, content=BYTES)).status_code == 201
    assert "upload" not in (await api.post("/firmware", body, headers=key)).json()
    assert len((await api.get("/firmware")).json()["items"]) == 1


async def test_an_image_that_is_sent_again_with_its_key_is_taken_once_and_one_that_failed_leaves_nothing(
    api: Api,
) -> None:
    path, key = f"/firmware?version=5&sha256={SHA}", RAW | {"Idempotency-Key": "k-2"}
    wrong = await api.call("POST", path, content=BYTES[::-1], headers=key)
    problem(wrong, 422, "wrong_checksum")
    assert (await api.get("/firmware")).json()["items"] == []
    assert (await api.get("/files")).json()["used"] == 0
    first = await api.call("POST", path, content=BYTES, headers=key)
    again = await api.call("POST", path, content=BYTES, headers=key)
    assert (first.status_code, again.status_code, again.headers["idempotency-replayed"]) == (201, 201, "true")
    assert again.json() == first.json()
    other = await api.call("POST", "/firmware?version=6", content=BYTES, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    odd = await api.call("POST", path, content=BYTES, headers=RAW | {"Idempotency-Key": "x" * 300})
    problem(odd, 400, "invalid_header")
    assert len((await api.get("/firmware")).json()["items"]) == 1


async def test_files_of_a_tenant_fill_no_more_than_they_may(api: Api) -> None:
    assert api.context.files is not None
    room = api.context.files.store.room
    room.quota = 100_000
    await api.station()
    location = place((await told(api, "get-log", {"type": "diagnostics"}))["location"])
    large = await api.client.put(location, content=b"x" * 150_000)
    problem(large, 507, "over_quota")
    assert (await api.client.put(location, content=BYTES)).status_code == 201
    raw = await api.call("POST", "/firmware?version=1", content=BYTES, headers=RAW)
    assert (raw.status_code, raw.json()["code"]) == (507, "over_quota")
    assert (await api.get("/files")).json() == {
        "used": len(BYTES), "quota": 100_000, "most_firmware": 4 * 2**20, "most_log": 2**20
    }  # fmt: skip
    room.quota = len(BYTES)
    problem(await api.post("/firmware", {"version": "1"}), 507, "over_quota")
    assert (await api.delete(f"/logs/{location.split('/')[2]}")).status_code == 204
    assert room.held(DEFAULT_TENANT) == room.count(DEFAULT_TENANT) == 0
    assert (await api.post("/firmware", {"version": "1"})).status_code == 201


async def test_an_upload_has_an_end_and_what_came_is_gone_on_with(api: Api) -> None:
    assert api.context.files is not None
    object.__setattr__(api.context.files.rules, "longest", 0.2)
    await api.station()
    location = place((await told(api, "get-log", {"type": "diagnostics"}))["location"])

    async def trickle() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"1234"
            await trio.sleep(0.05)

    slow = await api.client.put(location, content=trickle())
    assert (slow.status_code, slow.json()["code"]) == (408, "request_timeout")
    here = int(slow.headers["upload-offset"])
    assert 0 < here < 400
    assert (await api.client.head(location)).headers["upload-offset"] == str(here)
    rest = {"Content-Range": f"bytes {here}-{here + 3}/{here + 4}"}
    assert (await api.client.put(location, content=b"last", headers=rest)).status_code == 201


async def test_a_store_that_is_away_is_told_as_such(api: Api) -> None:
    with mock.patch("web.files.api.get_log", side_effect=StoreUnavailable("gone")):
        away = await api.get(f"/logs/{uuids.uuid7()}/file")
    assert (away.status_code, away.json()["code"], away.headers["retry-after"]) == (503, "store_unavailable", "5")


async def test_a_part_of_an_image_is_none_where_nobody_is_told_where_to_bring_the_rest(api: Api) -> None:
    """Parts go to the address of an announcement; what came without one leaves nothing, and frees its key."""
    key = RAW | {"Idempotency-Key": "k-9", "Content-Range": f"bytes 0-{len(BYTES) - 1}/{len(BYTES) + 10}"}
    part = await api.call("POST", "/firmware?version=7", content=BYTES, headers=key)
    assert (part.status_code, part.json()["code"]) == (400, "bad_request")
    assert (await api.get("/firmware")).json()["items"] == []
    assert (await api.get("/files")).json()["used"] == 0
