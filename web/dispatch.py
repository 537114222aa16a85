"""Joins routes to the framework: sign-in, tenant, permission, query and body are settled here, once for every route."""

from collections.abc import Awaitable, Callable, Sequence

from quart import Response, request
from quart_trio import QuartTrio

from web.answers import current_request_id, respond
from web.api.call import Call
from web.api.permissions import PERMISSIONS
from web.api.route import Route
from web.bodies import check_media_type, fingerprint, idempotency_key, invalid_body, read_body, read_query
from web.callers import Tenants, check_permission, principal_of
from web.context import Context
from web.validation import NotValid

BASE = "/api/v1"


def add_routes(app: QuartTrio, context: Context, tenants: Tenants, routes: Sequence[Route]) -> None:
    """Serves the routes below the base."""
    for route in routes:
        app.add_url_rule(
            BASE + rule_of(route.path), endpoint=f"{route.method} {route.path}", methods=[route.method],
            view_func=_view(context, tenants, route), provide_automatic_options=False,
        )


def rule_of(path: str) -> str:
    """`/stations/{station}` as the framework writes it."""
    return path.replace("{", "<segment:").replace("}", ">")


def _view(context: Context, tenants: Tenants, route: Route) -> Callable[..., Awaitable[Response]]:
    permission = PERMISSIONS[route.method, route.path]

    async def view(**path: str) -> Response:
        headers = request.headers
        principal = principal_of(headers.get("Authorization"), context.admin_token)
        check_permission(principal, permission)
        tenant = await tenants.named(headers.get("Voltyard-Tenant"))
        query = read_query(list(request.args.items(multi=True)), route.query)
        body = await _body(route)
        call = Call(
            context=context, tenant=tenant, principal=principal, request_id=current_request_id(), path=path,
            query=query, body=body, if_match=headers.get("If-Match"),
            idempotency_key=idempotency_key(headers.get("Idempotency-Key")) if route.creates else None,
            fingerprint=fingerprint(request.method, request.path, request.query_string, body)
            if route.creates else "",
        )
        try:
            return respond(await route.handler(call))
        except NotValid as wrong:  # found by a handler that knows more of the body than its route says
            raise invalid_body(wrong) from None

    return view


async def _body(route: Route) -> object:
    if request.method in ("GET", "HEAD", "DELETE"):
        return None
    raw: bytes = await request.get_data(cache=False)  # type: ignore[assignment] # bytes, since not asked as text
    if raw.strip():
        check_media_type(request.headers.get("Content-Type"), merge_patch=route.merge_patch)
    return read_body(raw, route.body, optional=route.body_optional)
