"""A request with an `Idempotency-Key` is done once: the second one gets the first one's answer.

What is stored holds no secret: a generated password is shown once, so the repeated answer comes without it; an address
to bring an image to is made anew.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import msgspec
import trio

from storage.errors import StoreUnavailable
from storage.pool import Connection
from storage.web import idempotency
from web.api.call import Answer, Call
from web.problems import ApiProblem

_SHOWN_ONCE = ("password", "upload")
_SAVE_DEADLINE = 5.0  # s: for the answer of a command whose caller has gone
_REPLAYED = {"Idempotency-Replayed": "true"}


async def in_one_transaction(
    call: Call[Any, Any], work: Callable[[Connection], Awaitable[Answer]],
    again: Callable[[Connection, Answer], Awaitable[Answer]] | None = None,
) -> Answer:  # fmt: skip
    """`work` and its key are committed together; when `work` raises, the key is free again.

    `again`: puts into a repeated answer what is not kept of it.
    """
    key = call.idempotency_key
    if key is None:
        return await call.database(work)

    async def claimed(connection: Connection) -> Answer:
        earlier = await idempotency.claim(connection, call.tenant.id, key, call.fingerprint, call.now)
        if earlier is not None:
            replayed = _replayed(earlier, call)
            return replayed if again is None else await again(connection, replayed)
        answer = await work(connection)
        await idempotency.finish(connection, key, answer.status, _kept(answer))
        return answer

    return await call.database(claimed)


async def around(call: Call[Any, Any], work: Callable[[], Awaitable[Answer]]) -> Answer:
    """For what cannot be taken back (a command to a station): the key is claimed first, the answer kept afterwards.

    A problem after which nothing has happened frees the key; one after which something may have happened is kept.
    """
    key = call.idempotency_key
    if key is None:
        return await work()
    earlier = await _claim(call, key)
    if earlier is not None:
        return earlier
    try:
        answer = await work()
    except ApiProblem as problem:
        await _settle(call, key, problem)
        raise
    await _save(call, key, answer.status, _kept(answer))
    return answer


async def _claim(call: Call[Any, Any], key: str) -> Answer | None:
    """The answer that was kept with the key; None: it is ours now."""
    earlier = await call.database(
        lambda connection: idempotency.claim(connection, call.tenant.id, key, call.fingerprint, call.now)
    )
    return None if earlier is None else _replayed(earlier, call)


async def or_undone(call: Call[Any, Any], work: Callable[[], Awaitable[Answer]]) -> Answer:
    """For long work that takes back what it did when it does not end well (an upload): then the key is free again."""
    key = call.idempotency_key
    if key is None:
        return await work()
    earlier = await _claim(call, key)
    if earlier is not None:
        return earlier
    try:
        answer = await work()
    except BaseException:  # also when whoever called is gone
        with trio.move_on_after(_SAVE_DEADLINE, shield=True), suppress(StoreUnavailable):
            await call.database(lambda connection: idempotency.release(connection, key))
        raise
    await _save(call, key, answer.status, _kept(answer))
    return answer


async def _settle(call: Call[Any, Any], key: str, problem: ApiProblem) -> None:
    if problem.status < 500:
        await call.database(lambda connection: idempotency.release(connection, key))
    else:
        kept = {"problem": {"code": problem.code, "detail": problem.detail, "extra": problem.extra}}
        await _save(call, key, problem.status, kept)


async def _save(call: Call[Any, Any], key: str, status: int, kept: Any) -> None:
    with trio.move_on_after(_SAVE_DEADLINE, shield=True):
        await call.database(lambda connection: idempotency.finish(connection, key, status, kept))


def _kept(answer: Answer) -> Any:
    body = msgspec.to_builtins(answer.body)
    if isinstance(body, dict):
        body = {name: value for name, value in body.items() if name not in _SHOWN_ONCE}
    return {"body": body, "headers": dict(answer.headers)}


def _replayed(earlier: idempotency.Earlier, call: Call[Any, Any]) -> Answer:
    if earlier.fingerprint != call.fingerprint:
        raise ApiProblem("idempotency_key_reused", "this key came with another method, address or body")
    if earlier.status is None:
        raise ApiProblem(
            "idempotency_in_progress", "the request that brought this key first has no answer yet",
            extra={"since": earlier.created_at.isoformat()},
        )
    kept = earlier.response
    if "problem" in kept:
        problem = kept["problem"]
        raise ApiProblem(problem["code"], problem["detail"], extra=problem["extra"], headers=_REPLAYED)
    return Answer(kept["body"], earlier.status, kept["headers"] | _REPLAYED)
