"""Whatever goes wrong under a request becomes a problem document; faults of ours are logged and never shown."""

import asyncpg
import structlog
from quart import Response
from quart_trio import QuartTrio
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from actors.ports import StoreUnavailable as ActorsStoreUnavailable
from storage.errors import StoreUnavailable
from web.answers import current_request_id, respond_problem
from web.context import Facts
from web.problems import ApiProblem

log = structlog.get_logger("web")

_BY_STATUS = {
    400: "bad_request", 401: "unauthorized", 403: "forbidden", 404: "not_found", 405: "method_not_allowed",
    408: "request_timeout", 413: "too_large", 415: "unsupported_media_type",
}
_DETAILS = {
    "not_found": "there is nothing at this address; /docs lists all addresses",
    "request_timeout": "the body did not arrive in time",
}


def add_error_handlers(app: QuartTrio, facts: Facts) -> None:
    """Every error answer of the app goes through here."""

    async def problem(error: ApiProblem) -> Response:
        return respond_problem(error)

    async def http(error: HTTPException) -> Response:
        return respond_problem(from_http(error, facts))

    async def store(error: Exception) -> Response:
        log.warning("store unavailable", error=str(error))
        return respond_problem(store_unavailable(facts))

    async def refused(error: asyncpg.DataError) -> Response:
        # Checked input should never come so far; what does is the caller's value all the same.
        log.warning("value refused by the database", sqlstate=error.sqlstate)
        return respond_problem(ApiProblem("invalid_body", "the database cannot keep one of these values"))

    async def fault(error: Exception) -> Response:
        log.error("request failed", exc_info=error)
        detail = f"a fault of ours; it is logged under request {current_request_id()}"
        return respond_problem(ApiProblem("internal_error", detail))

    app.register_error_handler(ApiProblem, problem)
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(StoreUnavailable, store)
    app.register_error_handler(ActorsStoreUnavailable, store)
    app.register_error_handler(asyncpg.QueryCanceledError, store)  # past its statement time-out
    app.register_error_handler(asyncpg.DataError, refused)
    app.register_error_handler(Exception, fault)


def store_unavailable(facts: Facts) -> ApiProblem:
    """503 with Retry-After, whatever part of the database did not answer."""
    return ApiProblem(
        "store_unavailable", "the database cannot be asked just now; try again",
        headers={"Retry-After": str(facts.store_retry_after)},
    )


def from_http(error: HTTPException, facts: Facts) -> ApiProblem:
    """The framework's own errors, with our codes."""
    code = _BY_STATUS.get(error.code or 500, "internal_error" if (error.code or 500) >= 500 else "bad_request")
    if code == "too_large":
        return ApiProblem(code, f"a body may have at most {facts.max_body_bytes} bytes")
    if isinstance(error, MethodNotAllowed):
        allowed = ", ".join(sorted(error.valid_methods or ()))
        return ApiProblem(code, f"this address takes {allowed}", headers={"Allow": allowed})
    return ApiProblem(code, _DETAILS.get(code, error.description or error.name))
