"""The file server by HTTP: images and logs on their way in and out, and all that must not get through."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID

import attrs
import httpx
import pytest
import uuid_utils.compat as uuids

from actors.ports import DEFAULT_TENANT
from protocol.ocpp.version import Version
from storage.files import FileStore, shown_name
from storage.files_room import NoRoom, Room
from tests.support.api import Api, answered, problem

pytestmark = pytest.mark.server

IMAGE = bytes(range(256)) * 2000  # 512 000 bytes
SHA = hashlib.sha256(IMAGE).hexdigest()


def place(url: str) -> str:
    """The address below the server."""
    return httpx.URL(url).raw_path.decode()


async def image(api: Api, **members: Any) -> dict[str, Any]:
    answer = await api.post("/firmware", {"version": "4.2.0", "vendor": "Example", "model": "Twin 22", **members})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def ready(api: Api, **members: Any) -> dict[str, Any]:
    made = await image(api, **members)
    assert (await api.client.put(place(made["upload"]["url"]), content=IMAGE)).status_code == 201
    return made


async def told(api: Api, command: str, body: dict[str, Any], station: str = "CP1") -> dict[str, Any]:
    """The arguments with which the actor was asked, whose `location` is what the station hears."""
    answer = await api.post(f"/stations/{station}/commands/{command}", body)
    assert answer.status_code == 200, answer.text
    arguments: dict[str, Any] = api.stations.sent[-1][1].arguments  # type: ignore[union-attr]
    return arguments


async def raw(api: Api, method: str, path: str, pieces: list[bytes]) -> tuple[int, dict[str, Any]]:
    """A request as its bytes stand on the wire: clients tidy addresses up, attackers do not."""
    left, said = list(pieces), list[dict[str, Any]]()

    async def receive() -> dict[str, Any]:
        body = left.pop(0) if left else b""
        return {"type": "http.request", "body": body, "more_body": bool(left)}

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    where = {"path": path, "raw_path": path.encode(), "query_string": b""}
    scope = {"type": "http", "method": method, "headers": [], **where}
    await api.app.asgi_app(scope, receive, send)  # type: ignore[arg-type]
    body = b"".join(message.get("body", b"") for message in said)
    return said[0]["status"], json.loads(body) if body else {}


async def test_an_image_comes_in_pieces_and_goes_out_in_ranges(api: Api) -> None:
    made = await image(api, sha256=SHA, name="../../etc/twin22-4.2.bin")
    assert (made["name"], made["status"], made["size"]) == ("twin22-4.2.bin", "awaiting", None)
    bring = place(made["upload"]["url"])
    first = await api.client.put(
        bring, content=IMAGE[:200_000], headers={"Content-Range": f"bytes 0-199999/{len(IMAGE)}"}
    )
    assert (first.status_code, first.headers["upload-offset"]) == (202, "200000")
    assert (await api.client.head(bring)).headers["upload-offset"] == "200000"
    gap = await api.client.put(bring, content=b"x", headers={"Content-Range": f"bytes 300000-300000/{len(IMAGE)}"})
    assert (gap.status_code, gap.json()["code"], gap.headers["upload-offset"]) == (409, "wrong_offset", "200000")
    rest = {"Content-Range": f"bytes 200000-{len(IMAGE) - 1}/{len(IMAGE)}"}
    assert (await api.client.put(bring, content=IMAGE[200_000:], headers=rest)).status_code == 201
    known = (await api.get(f"/firmware/{made['id']}")).json()
    assert (known["status"], known["size"], known["sha256"]) == ("ready", len(IMAGE), SHA)
    assert known["md5"] == hashlib.md5(IMAGE, usedforsecurity=False).hexdigest()
    again = await api.client.put(bring, content=b"other")
    assert (again.status_code, again.json()["code"]) == (410, "address_ended")

    await api.station()
    fetch = place((await told(api, "update-firmware", {"firmware": made["id"]}))["location"])
    assert fetch.endswith("/twin22-4.2.bin")
    whole = await api.client.get(fetch)
    assert whole.content == IMAGE
    part = await api.client.get(fetch, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, IMAGE[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(IMAGE)}"
    on = await api.client.get(fetch, headers={"Range": "bytes=500000-", "If-Range": whole.headers["etag"]})
    assert on.content == IMAGE[500_000:]
    assert (await api.client.get(fetch, headers={"Range": "bytes=-5"})).content == IMAGE[-5:]
    other = await api.client.get(fetch, headers={"Range": "bytes=9-", "If-Range": '"other"'})
    assert (other.status_code, len(other.content)) == (200, len(IMAGE))
    beyond = await api.client.get(fetch, headers={"Range": "bytes=512000-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(IMAGE)}")
    head = await api.client.head(fetch)
    assert (head.headers["content-length"], head.content) == (str(len(IMAGE)), b"")
    assert (await api.client.put(fetch, content=b"mine")).status_code == 405

    assert (await api.delete(f"/firmware/{made['id']}")).status_code == 204
    assert (await api.client.get(fetch)).json()["code"] == "address_ended"
    problem(await api.get(f"/firmware/{made['id']}"), 404, "unknown_firmware")


async def test_an_image_may_be_the_body_of_the_call_itself_or_a_forms_file(api: Api) -> None:
    raw = await api.call(
        "POST", "/firmware?version=5.0&vendor=Example", content=IMAGE,
        headers={"Content-Type": "application/octet-stream"},
    )  # fmt: skip
    assert (raw.status_code, raw.json()["status"], raw.json()["sha256"]) == (201, "ready", SHA)
    form = await api.call("POST", "/firmware?version=5.1", files={"file": ("twin.bin", IMAGE)})
    assert (form.status_code, form.json()["size"]) == (201, len(IMAGE))
    wrong = await api.call("POST", "/firmware?vendor=Example", content=b"x", headers={"Content-Type": "image/x"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "invalid_parameter")
    shut = await api.call(
        "POST", "/firmware?version=1", content=b"x",
        headers={"Content-Type": "application/octet-stream", "Authorization": "Bearer wrong"},
    )  # fmt: skip
    problem(shut, 401, "unauthorized")
    assert {each["version"] for each in (await api.get("/firmware?status=ready")).json()["items"]} == {"5.0", "5.1"}


async def test_bytes_that_were_not_announced_are_thrown_away(api: Api) -> None:
    made = await image(api, sha256=SHA)
    bring = place(made["upload"]["url"])
    wrong = await api.client.put(bring, content=b"something else")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong_checksum")
    assert (await api.client.head(bring)).headers["upload-offset"] == "0"
    assert (await api.client.put(bring, content=IMAGE)).status_code == 201
    await api.station()
    unready = await image(api)
    answer = await api.post("/stations/CP1/commands/update-firmware", {"firmware": unready["id"]})
    problem(answer, 409, "firmware_awaited")


async def test_logs_come_by_put_and_post_under_any_name_and_stay_in_their_folder(api: Api, tmp_path: Path) -> None:
    """N01.FR.18, N01.FR.19, N01.FR.21; quirk 33: the names are the station's, and decide nothing."""
    await api.station()
    names = ["../../../escape.log", "..%2f..%2fescape.log", "/etc/passwd", "C:\\logs\\own.log", "a/b/c.log", ""]
    for name in names:
        location = (await told(api, "get-log", {"type": "diagnostics"}))["location"]
        assert location.startswith("http://api.test/files/")
        assert location.endswith("/")
        assert not {"#", "?"} & set(location)  # N01.FR.26 to 28
        path = place(location)
        status, said = await raw(api, "PUT", path + name, [b"l"])
        assert status == 201, (name, said)
    form = place((await told(api, "get-log", {"type": "security"}))["location"])
    posted = await api.client.post(form, files={"uploadfile": ("../../x/security.log", b"secure" * 1000)})
    assert posted.status_code == 201
    header = {"Content-Disposition": 'form-data; name="uploadfile"; filename="logfile_20210420.zip"'}
    plain = place((await told(api, "get-log", {"type": "security"}))["location"])
    assert (await api.client.post(plain, content=b"zip", headers=header)).status_code == 201
    shown = (await api.get("/logs?limit=50")).json()["items"]
    assert len(shown) == len(names) + 2
    assert all(each["received"] for each in shown)
    assert {each["file_name"] for each in shown} >= {"escape.log", "own.log", "security.log", "logfile_20210420.zip"}
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(path.name for path in files) == sorted(each["id"] for each in shown)
    assert {path.parent for path in files} == {tmp_path / str(DEFAULT_TENANT) / "logs"}
    [one] = [each for each in shown if each["file_name"] == "security.log"]
    file = await api.get(f"/logs/{one['id']}/file", headers={"Range": "bytes=0-5"})
    assert (file.status_code, file.content) == (206, b"secure")
    assert (await api.get(f"/logs/{one['id']}/file")).content == b"secure" * 1000
    assert (await api.get("/jobs?kind=log-received")).json()["items"]
    assert (await api.delete(f"/logs/{one['id']}")).status_code == 204
    assert not (tmp_path / str(DEFAULT_TENANT) / "logs" / one["id"]).exists()


async def test_uploads_that_may_not_be_say_why(api: Api) -> None:
    """Too large, to old, used, unknown or foreign addresses, in the wrong order, empty, unreadable."""
    await api.station()
    location = place((await told(api, "get-log", {"type": "diagnostics"}))["location"])
    large = await api.client.put(location, content=b"x" * (2**20 + 1))
    assert (large.status_code, large.json()["code"]) == (413, "too_large")

    status, said = await raw(api, "PUT", location, [b"y" * 65536] * 40)  # without a length
    assert (status, said["code"]) == (413, "too_large")
    assert (await api.client.head(location)).headers["upload-offset"] == "0"
    empty = await api.client.put(location, content=b"")
    assert (empty.status_code, empty.json()["code"]) == (400, "bad_request")
    form = {"Content-Type": "multipart/form-data; boundary=b"}
    assert (await api.client.post(location, content=b"no form at all", headers=form)).status_code == 400
    odd = await api.client.put(location, content=b"x", headers={"Content-Range": "bytes 5-2/9"})
    assert (odd.status_code, odd.json()["code"]) == (416, "wrong_range")
    log_id = location.split("/")[2]
    problem(await api.get(f"/logs/{log_id}/file"), 409, "no_file_yet")
    assert (await api.get(f"/logs/{log_id}")).json()["error"]

    key = location.split("/")[3]
    for wrong in (f"/files/{log_id}/key-{'A' * 32}/", f"/files/{uuids.uuid7()}/{key}/", "/files/", f"/files/{log_id}",
                  "/files/../../etc/passwd", f"/files/..%2f..%2f{log_id}/{key}/"):  # fmt: skip
        status, said = await raw(api, "PUT", wrong, [b"x"])
        assert (status, said["code"]) == (404, "unknown_address"), wrong
    await api.node.execute("update file_addresses set expires_at = $1", api.context.clock() - timedelta(seconds=1))
    old = await api.client.put(location, content=b"x")
    assert (old.status_code, old.json()["code"]) == (410, "address_ended")
    assert "expired" in old.json()["detail"]


async def test_a_full_disk_is_told_and_what_came_before_stays(api: Api) -> None:
    await api.station()
    location = place((await told(api, "get-log", {"type": "diagnostics"}))["location"])
    part = {"Content-Range": "bytes 0-3/8"}
    assert (await api.client.put(location, content=b"1234", headers=part)).status_code == 202
    with mock.patch.object(Room, "free", return_value=False):
        full = await api.client.put(location, content=b"5678", headers={"Content-Range": "bytes 4-7/8"})
    assert (full.status_code, full.json()["code"]) == (507, "no_room")
    assert (await api.client.head(location)).headers["upload-offset"] == "4"
    done = await api.client.put(location, content=b"5678", headers={"Content-Range": "bytes 4-7/8"})
    assert done.status_code == 201
    assert (await api.get(f"/logs/{location.split('/')[2]}/file")).content == b"12345678"


async def test_addresses_of_commands_that_never_went_out_are_forgotten(api: Api) -> None:
    made = await ready(api)
    await api.station()
    api.stations.results = [attrs.evolve(answered(), id=None, status="station_offline", version=Version.V201)]
    problem(await api.post("/stations/CP1/commands/get-log", {"type": "security"}), 409, "station_offline")
    problem(
        await api.post("/stations/CP1/commands/update-firmware", {"firmware": made["id"]}), 409, "station_offline"
    )
    assert (await api.get("/logs")).json()["items"] == []
    assert await api.node.fetchval("select count(*) from file_addresses where purpose <> 'image'") == 0
    unknown = await api.post("/stations/CP1/commands/update-firmware", {"firmware": str(uuids.uuid7())})
    problem(unknown, 404, "unknown_firmware")
    problem(await api.post("/stations/CP1/commands/update-firmware", {}), 422, "invalid_body")


async def test_a_station_may_be_told_ftp_and_signatures_come_along(api: Api) -> None:
    """L01.FR.11: the signing certificate goes with the request."""
    made = await ready(api, signature="c2ln", signing_certificate="-----BEGIN CERTIFICATE-----")
    await api.station()
    sent = await told(api, "update-firmware", {"firmware": made["id"], "transport": "ftp"})
    assert (sent["signature"], sent["signing_certificate"]) == ("c2ln", "-----BEGIN CERTIFICATE-----")
    url = httpx.URL(sent["location"])
    assert (url.scheme, url.port) == ("ftp", 2121)
    assert str(UUID(url.username)) == url.username
    assert url.password.startswith("key-")
    unsigned = await told(api, "update-firmware", {"firmware": made["id"], "signed": False})
    assert "signature" not in unsigned


def test_no_name_leads_out_of_the_folder_and_a_full_disk_is_no_crash(tmp_path: Path) -> None:
    assert shown_name("..\\..\\boot.ini") == "boot.ini"
    assert [shown_name(name) for name in ("..", ".", "", "\x00\x01", None)] == [None] * 5
    store = FileStore(tmp_path, reserve=2**62)
    with pytest.raises(NoRoom):
        store.write(DEFAULT_TENANT, "logs", uuids.uuid7(), 0, b"x")
    with pytest.raises(ValueError, match="badly formed"):
        store.path(DEFAULT_TENANT, "logs", "../../etc")  # type: ignore[arg-type]
