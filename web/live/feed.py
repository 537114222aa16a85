"""/live: a WebSocket that says what happens, while it happens.

`{"subscribe": ["stations", "sessions/…"]}` is answered by `{"subscribed": […]}`; then come `{"topic", "event"}` with a
CloudEvent each. A new `subscribe` replaces the one before. What is wrong is answered by `{"error": problem}`.
"""

from typing import Annotated, Any

import msgspec
import structlog
import trio
from msgspec import Meta, Struct
from quart import Response, g, websocket
from quart_trio import QuartTrio

from web.answers import current_request_id, encode
from web.api.permissions import PERMISSIONS
from web.api.routes import LIVE
from web.bodies import decode_json, invalid_body
from web.callers import Tenants, check_permission, principal_of
from web.context import Context
from web.dispatch import BASE
from web.live.reader import Subscription
from web.problems import ApiProblem
from web.request_id import HEADER, request_id
from web.validation import NotValid, to_struct

log = structlog.get_logger("web.live")

_SEND_DEADLINE = 30.0  # s for one message to be taken; a listener that is gone would hold its place for ever
_GOING_AWAY = 1001

class Subscribe(Struct, forbid_unknown_fields=True):
    """All that a listener says."""

    subscribe: Annotated[list[str], Meta(max_length=1000)]


def add_live(app: QuartTrio, context: Context, tenants: Tenants) -> None:
    """Serves `/live`; before the upgrade every error is an ordinary problem answer."""
    limit = trio.CapacityLimiter(context.facts.live_connections)

    async def begin() -> None:
        g.request_id = request_id(websocket.headers.get(HEADER))
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    async def live() -> Response | None:
        principal = principal_of(websocket.headers.get("Authorization"), context.admin_token)
        check_permission(principal, PERMISSIONS[LIVE])
        tenant = await tenants.named(websocket.headers.get("Voltyard-Tenant"))
        try:
            limit.acquire_on_behalf_of_nowait(place := object())
        except trio.WouldBlock:
            raise ApiProblem("too_many_connections", "all places for live connections are taken") from None
        try:
            await websocket.accept(headers={HEADER: current_request_id()})
            with context.live.open(tenant.id) as reader:
                await _converse(reader)
        finally:
            limit.release_on_behalf_of(place)
        return None

    app.before_websocket(begin)
    app.add_websocket(BASE + LIVE[1], "live", live)


async def _converse(reader: Subscription) -> None:
    """Until the listener goes (which cancels this), does not take what it is sent, or the node stops."""
    try:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_send_events, reader, nursery.cancel_scope)
            while True:
                await _send(_answer(reader, await websocket.receive()))
    except* trio.TooSlowError:
        log.info("listener too slow, dropped", path=websocket.path)


async def _send_events(reader: Subscription, scope: trio.CancelScope) -> None:
    try:
        while True:
            topic, event = await reader.receive()
            await _send({"topic": topic, "event": msgspec.Raw(event) if isinstance(event, bytes) else event})
    except trio.EndOfChannel:
        await websocket.close(_GOING_AWAY, "this node is stopping")
        scope.cancel()


def _answer(reader: Subscription, message: str | bytes) -> dict[str, Any]:
    """`refused` is there only when a topic was not taken."""
    try:
        raw = message.encode("utf-8", "surrogatepass") if isinstance(message, str) else message
        taken = reader.set(to_struct(decode_json(raw), Subscribe).subscribe)
    except NotValid as wrong:
        return _problem(invalid_body(wrong))
    except ApiProblem as problem:
        return _problem(problem)
    answer: dict[str, Any] = {"subscribed": taken}
    if reader.refused:
        answer["refused"] = [{"topic": topic, "message": why} for topic, why in reader.refused.items()]
    return answer


def _problem(problem: ApiProblem) -> dict[str, Any]:
    return {"error": problem.body(instance=websocket.path, request_id=current_request_id())}


async def _send(message: dict[str, Any]) -> None:
    with trio.fail_after(_SEND_DEADLINE):
        await websocket.send(encode(message).decode())
