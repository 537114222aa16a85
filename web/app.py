"""Makes the application: everything that is served over HTTP, joined in one place."""

from collections.abc import Sequence
from time import perf_counter

import structlog
from quart import Response, g, request
from quart_trio import QuartTrio

from web.api.permissions import check_table
from web.api.route import Route
from web.api.routes import LIVE, ROUTES
from web.callers import Tenants
from web.context import Context
from web.crl import add_crl
from web.dispatch import add_routes
from web.faults import add_error_handlers
from web.files.front import with_files
from web.health import add_health, add_metrics
from web.live.feed import add_live
from web.openapi.pages import add_pages
from web.paths import path_as_sent, prepare, split_before_decoding
from web.request_id import HEADER, request_id

log = structlog.get_logger("web")


def make_app(context: Context, routes: Sequence[Route] = ROUTES) -> QuartTrio:
    """The application. Raises RouteWithoutPermission when a route is not in the table of permissions."""
    check_table([*((route.method, route.path) for route in routes), LIVE])
    app = _bare(context)
    tenants = Tenants(context.find_tenant)
    add_health(app, context)
    add_crl(app, context)
    add_pages(app, context.facts, routes)
    add_routes(app, context, tenants, routes)
    add_live(app, context, tenants)
    if context.files is not None:  # in front: what is brought there is as long as firmware
        app.asgi_app = with_files(app.asgi_app, context, context.files)  # type: ignore[method-assign, assignment]
    return app


def make_metrics_app(context: Context) -> QuartTrio:
    """Only /metrics, for a listener of its own."""
    app = _bare(context)
    add_metrics(app, context)
    return app


def _bare(context: Context) -> QuartTrio:
    app = QuartTrio("voltyard", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = context.facts.max_body_bytes
    app.config["BODY_TIMEOUT"] = context.facts.body_timeout
    prepare(app)
    add_error_handlers(app, context.facts)
    _add_request_ids(app)
    # Quart's own way to wrap an app; its types know no middleware.
    app.asgi_app = split_before_decoding(app.asgi_app)  # type: ignore[method-assign, assignment]
    return app


def _add_request_ids(app: QuartTrio) -> None:
    """Every request has an id: in its answer, in our log lines, and in what actors record because of it."""

    async def begin() -> None:
        g.request_id = request_id(request.headers.get(HEADER))
        g.began = perf_counter()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    async def end(response: Response) -> Response:
        response.headers[HEADER] = g.request_id
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        log.info(
            "request", method=request.method, path=path_as_sent(request.scope), status=response.status_code,
            duration_ms=round((perf_counter() - g.began) * 1000, 1),
        )
        return response

    app.before_request(begin)
    app.after_request(end)
