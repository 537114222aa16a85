"""What a person reads: `/docs` (Swagger UI, its files served by us), `/docs/errors`, and the documents themselves.

Nothing here asks for a token, and nothing is fetched from elsewhere: a policy in each answer forbids it.
"""

import hashlib
import html
from collections.abc import Sequence
from importlib.resources import files

import attrs
import msgspec
from quart import Response, request
from quart_trio import QuartTrio

from web.api.route import Route
from web.context import Facts
from web.openapi.document import make_document
from web.openapi.older import as_3_0
from web.problems import CODES

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_SWAGGER = files("swagger_ui_bundle") / "vendor" / "swagger-ui-4.15.5"
_TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "png": "image/png"}
_BUNDLED = ("swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png")

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Voltyard API</title>
<link rel="icon" href="/docs/assets/favicon-32x32.png">
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
</head>
<body>
<div id="page"></div>
<noscript>This page needs JavaScript; the document itself is at /api/v1/openapi.json.</noscript>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/assets/start.js"></script>
</body>
</html>
"""
_START = """"use strict";
window.addEventListener("load", function () {
  SwaggerUIBundle({
    url: "/docs/openapi-3.0.json",
    dom_id: "#page",
    deepLinking: true,
    validatorUrl: null,
    persistAuthorization: false,
    presets: [SwaggerUIBundle.presets.apis]
  });
});
"""


@attrs.frozen
class _Page:
    """A body made at start, and how it is labelled."""

    body: bytes
    content_type: str
    cache: str = "no-cache"  # ask each time; the ETag answers

    etag: str = attrs.field(init=False)

    @etag.default
    def _etag(self) -> str:
        return hashlib.sha256(self.body).hexdigest()[:24]


_Pages = dict[str, _Page]
_made: dict[tuple[Facts, int], tuple[Sequence[Route], _Pages]] = {}


def _pages(facts: Facts, routes: Sequence[Route]) -> _Pages:
    """All of them, made once for the same routes: a process of tests has many applications."""
    key = facts, id(routes)
    if key not in _made:
        _made[key] = routes, _make_pages(facts, routes)  # the routes are kept, so that their id stays theirs
    return _made[key][1]


def _make_pages(facts: Facts, routes: Sequence[Route]) -> _Pages:
    document = make_document(routes, facts)
    pages = {
        "/docs": _Page(_PAGE.encode(), "text/html; charset=utf-8"),
        "/docs/errors": _Page(_errors_page().encode(), "text/html; charset=utf-8"),
        "/docs/openapi-3.0.json": _Page(msgspec.json.encode(as_3_0(document)), "application/json"),
        "/docs/assets/start.js": _Page(_START.encode(), _TYPES["js"]),
        "/api/v1/openapi.json": _Page(msgspec.json.encode(document), "application/json"),
    }
    for name in _BUNDLED:
        pages[f"/docs/assets/{name}"] = _Page((_SWAGGER / name).read_bytes(), _TYPES[name.rpartition(".")[2]])
    return pages


def add_pages(app: QuartTrio, facts: Facts, routes: Sequence[Route]) -> None:
    """Serves the pages."""
    pages = _pages(facts, routes)

    async def page() -> Response:
        return await _respond(pages[request.path])

    async def root() -> Response:
        return Response(b"", status=302, headers={"Location": "/docs"})

    for path in pages:
        app.add_url_rule(path, f"page {path}", page, methods=["GET"], provide_automatic_options=False)
    app.add_url_rule("/", "root", root, methods=["GET"], provide_automatic_options=False)


async def _respond(page: _Page) -> Response:
    response = Response(page.body, content_type=page.content_type)
    response.headers["Cache-Control"] = page.cache
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    response.set_etag(page.etag)
    await response.make_conditional(request)
    return response


def _errors_page() -> str:
    """The table of codes, one anchor each: where `type` of a problem leads."""
    rows = "".join(
        f'<tr id="{name}"><td><code>{name}</code></td><td>{code.status}</td><td>{html.escape(code.title)}</td>'
        f"<td>{html.escape(code.meaning)}</td></tr>\n"
        for name, code in sorted(CODES.items(), key=lambda item: (item[1].status, item[0]))
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Voltyard API errors</title>\n'
        "<style>body{font-family:sans-serif;margin:2rem}td,th{text-align:left;padding:.3rem .8rem;"
        "border-bottom:1px solid #ccc}:target{background:#ffd}</style></head><body>\n<h1>Errors of the API</h1>\n"
        f"<table><tr><th>Code</th><th>Status</th><th>Title</th><th>Meaning</th></tr>\n{rows}</table></body></html>\n"
    )
