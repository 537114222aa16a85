"""Answers and problems as HTTP responses."""

from typing import Any

import msgspec
from quart import Response, g, has_websocket_context, request, websocket

from web.api.call import Answer, Raw
from web.paths import path_as_sent
from web.problems import MEDIA_TYPE, ApiProblem
from web.request_id import HEADER


def respond(answer: Answer) -> Response:
    """JSON, bytes as they are, or nothing at all for a body of None."""
    if answer.body is None:
        response = Response(b"", status=answer.status)
        del response.headers["Content-Type"]
    elif isinstance(answer.body, Raw):
        response = Response(answer.body.content, status=answer.status, content_type=answer.body.media_type)
    else:
        response = Response(encode(answer.body), status=answer.status, content_type="application/json")
    response.headers.update(answer.headers)
    return response


def respond_problem(problem: ApiProblem) -> Response:
    """`application/problem+json` for the request at hand."""
    scope = (websocket if has_websocket_context() else request).scope
    body = problem.body(instance=path_as_sent(scope), request_id=current_request_id())
    response = Response(encode(body), status=problem.status, content_type=MEDIA_TYPE)
    response.headers[HEADER] = current_request_id()
    response.headers.update(problem.headers)
    return response


def encode(body: Any) -> bytes:
    """JSON text. What a station sent may hold half a surrogate pair, which UTF-8 has no place for."""
    try:
        return msgspec.json.encode(body)
    except UnicodeEncodeError:
        return msgspec.json.encode(_mended(msgspec.to_builtins(body)))


def current_request_id() -> str:
    """The id of the request being served; empty outside of one."""
    return getattr(g, "request_id", "")


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_mended(name): _mended(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_mended(each) for each in value]
    return value
