"""/healthz, /readyz and /metrics: for whoever watches the node; none of them asks for a token."""

import trio
from prometheus_client import CONTENT_TYPE_LATEST
from quart import Response
from quart_trio import QuartTrio

from web.answers import respond
from web.api.call import Answer
from web.context import Context
from web.problems import ApiProblem

_READY_DEADLINE = 5.0  # s: a check that hangs is not ready


def add_health(app: QuartTrio, context: Context) -> None:
    """`/healthz` says only that the process answers; `/readyz` lists what is missing."""

    async def healthz() -> Response:
        return respond(Answer({"status": "ok"}))

    async def readyz() -> Response:
        missing = ["the checks themselves, which did not end in time"]
        with trio.move_on_after(_READY_DEADLINE):
            missing = await context.readiness()
        if missing:
            raise ApiProblem(
                "not_ready", f"this node waits for {', '.join(missing)}", extra={"missing": missing},
                headers={"Retry-After": str(context.facts.store_retry_after)},
            )
        return respond(Answer({"status": "ready", "missing": []}))

    app.add_url_rule("/healthz", "healthz", healthz, methods=["GET"], provide_automatic_options=False)
    app.add_url_rule("/readyz", "readyz", readyz, methods=["GET"], provide_automatic_options=False)
    if context.facts.metrics_here:
        add_metrics(app, context)


def add_metrics(app: QuartTrio, context: Context) -> None:
    """Prometheus text."""

    async def metrics() -> Response:
        return Response(context.metrics_render(), content_type=CONTENT_TYPE_LATEST)

    app.add_url_rule("/metrics", "metrics", metrics, methods=["GET"], provide_automatic_options=False)
