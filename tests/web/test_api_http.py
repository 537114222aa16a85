"""The API behind a real server: what only shows on a socket, and the live feed."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import trio
from trio_websocket import ConnectionClosed, WebSocketConnection, open_websocket_url

from actors.ports import DEFAULT_TENANT
from tests.support.api import OTHER_TENANT, TOKEN, Api, problem
from web.serve import serve_http

pytestmark = pytest.mark.server

_BEARER = [(b"Authorization", f"Bearer {TOKEN}".encode())]


def _port(api: Api) -> int:
    port = api.client.base_url.port
    assert port is not None
    return port


async def _exchange(api: Api, request: bytes) -> bytes:
    """Sends raw bytes; what comes back until the server closes."""
    stream = await trio.open_tcp_stream("127.0.0.1", _port(api))
    async with stream:
        await stream.send_all(request)
        answer = b""
        with trio.fail_after(10):
            async for part in stream:
                answer += part
        return answer


async def test_a_request_over_a_socket(served_api: Api) -> None:
    made = await served_api.station("Bay/3")
    assert (await served_api.get("/stations/bay%2F3")).json()["id"] == made["id"]
    head = await served_api.call("HEAD", "/stations/bay%2F3")
    assert (head.status_code, head.content) == (200, b"")


async def test_a_body_that_is_too_large_is_answered_whether_its_length_is_told_or_not(served_api: Api) -> None:
    large = b'{"uid": "' + b"x" * (1024 * 1024) + b'"}'
    problem(await served_api.call("POST", "/tokens", content=large, headers=_JSON), 413, "too_large")

    async def parts() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 65536

    problem(await served_api.call("POST", "/tokens", content=parts(), headers=_JSON), 413, "too_large")
    assert (await served_api.get("/tokens")).status_code == 200


_JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "request_bytes",
    [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nBad Header\r\n\r\n",
     b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00"],
)
async def test_what_is_no_http_gets_400_or_an_end_and_the_server_goes_on(served_api: Api, request_bytes: bytes) -> None:
    stream = await trio.open_tcp_stream("127.0.0.1", _port(served_api))
    async with stream:
        try:
            await stream.send_all(request_bytes)
            await stream.send_eof()
            with trio.fail_after(10):
                answer = await stream.receive_some(65536)
        except trio.BrokenResourceError:
            answer = b""
    assert answer == b"" or answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 431"))
    assert (await served_api.call("GET", "//healthz")).status_code == 200


async def test_an_unknown_method_and_a_plain_request_for_the_feed(served_api: Api) -> None:
    answer = await _exchange(
        served_api, b"BREW /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    )
    assert answer.startswith(b"HTTP/1.1 405")
    assert b'"code":"method_not_allowed"' in answer
    problem(await served_api.get("/live"), 400, "bad_request")


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
async def test_a_connection_that_shall_close_is_closed_after_the_answer(served_api: Api, version: bytes) -> None:
    for _ in range(20):
        request = b"GET /healthz HTTP/" + version + b"\r\nHost: a\r\nConnection: close\r\n\r\n"
        assert (await _exchange(served_api, request)).endswith(b'{"status":"ok"}')


async def test_an_address_that_is_taken_is_an_oserror(served_api: Api) -> None:
    with pytest.raises(OSError, match="in use"):
        await serve_http(served_api.app, [f"127.0.0.1:{_port(served_api)}"], served_api.context.facts)


async def test_a_caller_who_leaves_is_noticed(served_api: Api) -> None:
    await served_api.station("CP1")
    served_api.stations.gate = trio.Event()
    with trio.move_on_after(0.3) as leaving:
        await served_api.post("/stations/CP1/ocpp/Reset", {})
    assert leaving.cancelled_caught
    assert len(served_api.stations.sent) == 1
    served_api.stations.gate = None
    assert (await served_api.post("/stations/CP1/ocpp/Reset", {})).status_code == 200


@asynccontextmanager
async def _listening(api: Api) -> AsyncIterator[WebSocketConnection]:
    url = f"ws://127.0.0.1:{_port(api)}/api/v1/live"
    async with open_websocket_url(url, extra_headers=_BEARER, disconnect_timeout=5) as socket:
        try:
            yield socket
        finally:
            if socket.closed:  # by the other side: then this client leaves its own socket open
                await socket._stream.aclose()


async def _ask(socket: WebSocketConnection, message: Any) -> Any:
    await socket.send_message(message if isinstance(message, str | bytes) else json.dumps(message))
    return await _next(socket)


async def _next(socket: WebSocketConnection) -> Any:
    with trio.fail_after(10):
        return json.loads(await socket.get_message())


async def test_the_feed_tells_what_was_asked_for(served_api: Api) -> None:
    async with _listening(served_api) as socket:
        assert await _ask(socket, {"subscribe": ["stations"]}) == {"subscribed": ["stations"]}
        served_api.hub.publish(OTHER_TENANT, "stations/x", "k", {"of": "another tenant"})
        served_api.hub.publish(DEFAULT_TENANT, "sessions/x", "k", {"of": "another topic"})
        served_api.hub.publish(DEFAULT_TENANT, "stations/x", "k", {"n": 1})
        assert await _next(socket) == {"topic": "stations", "event": {"n": 1}}
        again = await _ask(socket, {"subscribe": ["sessions", "weather"]})
        assert again["subscribed"] == ["sessions"]
        assert [each["topic"] for each in again["refused"]] == ["weather"]
        served_api.hub.publish(DEFAULT_TENANT, "stations/x", "k", {"n": 2})
        served_api.hub.publish(DEFAULT_TENANT, "sessions/x", "k", b'{"n": 3}')
        assert await _next(socket) == {"topic": "sessions", "event": {"n": 3}}


@pytest.mark.parametrize(
    ("message", "code"),
    [("{", "invalid_json"), ("[]", "invalid_body"), ({"subscribe": "stations"}, "invalid_body"),
     ({"subscribe": [], "x": 1}, "invalid_body"), (b"\xff\xfe", "invalid_json"), ({}, "invalid_body")],
)
async def test_a_wrong_message_is_answered_and_the_feed_goes_on(served_api: Api, message: Any, code: str) -> None:
    async with _listening(served_api) as socket:
        assert (await _ask(socket, message))["error"]["code"] == code
        assert await _ask(socket, {"subscribe": ["stations"]}) == {"subscribed": ["stations"]}


async def test_a_message_that_is_too_long_ends_the_feed(served_api: Api) -> None:
    async with _listening(served_api) as socket:
        await socket.send_message("x" * 200_000)
        with pytest.raises(ConnectionClosed) as closed, trio.fail_after(10):
            await socket.get_message()
        assert closed.value.reason is not None
        assert closed.value.reason.code == 1009


_UPGRADE = {
    "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [({}, 401, "unauthorized"), ({"Authorization": "Bearer x"}, 401, "unauthorized"),
     ({"Authorization": f"Bearer {TOKEN}", "Voltyard-Tenant": "nobody"}, 404, "unknown_tenant")],
)
async def test_who_may_not_listen_gets_a_problem(
    served_api: Api, headers: dict[str, str], status: int, code: str
) -> None:
    problem(await served_api.client.get("/api/v1/live", headers=_UPGRADE | headers), status, code)


async def test_places_on_the_feed_are_limited(served_api: Api) -> None:
    limit = served_api.context.facts.live_connections
    assert limit == 3  # as the fixture says
    async with _listening(served_api), _listening(served_api), _listening(served_api):
        headers = _UPGRADE | {"Authorization": f"Bearer {TOKEN}"}
        problem(await served_api.client.get("/api/v1/live", headers=headers), 503, "too_many_connections")
    async with _listening(served_api) as socket:
        assert await _ask(socket, {"subscribe": []}) == {"subscribed": []}


async def test_the_feed_ends_with_1001_when_the_node_stops(served_api: Api) -> None:
    async with _listening(served_api) as socket:
        await _ask(socket, {"subscribe": ["stations"]})
        served_api.hub.close()
        with pytest.raises(ConnectionClosed) as closed, trio.fail_after(10):
            await socket.get_message()
        assert closed.value.reason is not None
        assert closed.value.reason.code == 1001


async def test_a_listener_that_leaves_makes_room(served_api: Api) -> None:
    async with _listening(served_api) as socket:
        await _ask(socket, {"subscribe": ["stations"]})
        assert not served_api.hub.quiet
    with trio.fail_after(10):
        while not served_api.hub.quiet:  # noqa: ASYNC110 - the hub has no event for it
            await trio.sleep(0.02)


@pytest.mark.slow
async def test_a_listener_that_takes_nothing_any_more_is_given_up(served_api: Api) -> None:
    stream = await trio.open_tcp_stream("127.0.0.1", _port(served_api))
    async with stream:
        head = "".join(f"{name}: {value}\r\n" for name, value in (_UPGRADE | {"Host": "a"}).items())
        request = f"GET /api/v1/live HTTP/1.1\r\n{head}Authorization: Bearer {TOKEN}\r\n\r\n"
        subscribe = b'{"subscribe":["stations"]}'
        frame = bytes([0x81, 0x80 | len(subscribe), 0, 0, 0, 0]) + subscribe  # masked with zeros
        received = b""
        with trio.fail_after(10):
            for sent, wanted in ((request.encode(), b"\r\n\r\n"), (frame, b"subscribed")):
                await stream.send_all(sent)
                while wanted not in received:
                    received += await stream.receive_some(4096)
        for key in range(1500):
            served_api.hub.publish(DEFAULT_TENANT, "stations/x", str(key), {"text": "x" * 20_000})
        with trio.fail_after(20):
            while not served_api.hub.quiet:  # noqa: ASYNC110 - the hub has no event for it
                await trio.sleep(0.05)
