"""What is wrong with requests as such: every error is a problem document with its code."""

import re
from pathlib import Path
from typing import Any

import attrs
import httpx
import pytest
import trio
import trio.testing

from storage.errors import CannotConnect
from tests.support.api import TOKEN, Api, DirectedStations, make_context, problem
from tests.support.belongings import bodies
from web.api.call import Answer, Call
from web.api.permissions import PERMISSIONS, RouteWithoutPermission
from web.api.route import NoQuery, Route
from web.api.routes import ROUTES
from web.app import make_app, make_metrics_app
from web.live.hub import LiveHub
from web.problems import CODES, table_as_markdown

DOCS = Path(__file__).parents[2] / "docs"


class NoDatabase:
    """A pool that may not be asked, or that is away."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def run_as_tenant(self, *_: Any) -> Any:
        await trio.lowlevel.checkpoint()
        raise self.error

    async def fetchrow(self, *_: Any) -> Any:
        await trio.lowlevel.checkpoint()
        raise self.error


def _client(error: Exception | None = None, missing: list[str] | None = None, **facts: Any) -> httpx.AsyncClient:
    database: Any = NoDatabase(error or AssertionError("the database was asked"))
    context = make_context(DirectedStations(), database, database, LiveHub(), missing or [], **facts)
    transport = httpx.ASGITransport(app=make_app(context), raise_app_exceptions=False)  # type: ignore[arg-type]
    return httpx.AsyncClient(
        transport=transport, base_url="http://api.test", headers={"Authorization": f"Bearer {TOKEN}"}
    )


async def _post(body: bytes, path: str = "/api/v1/tokens", **headers: str) -> httpx.Response:
    async with _client(max_body_bytes=1000) as client:
        return await client.post(path, content=body, headers={"Content-Type": "application/json"} | headers)


@pytest.mark.parametrize(
    "body",
    [b"", b"  ", b"{", b"nothing", b"{'a': 1}", b'{"uid": NaN}', b'{"uid": "\xff"}', b'{"uid": "\\ud800"}', b"[" * 900,
     b'{"uid": "A"} x', b'{"a": 1e999}'],
)
async def test_a_body_that_is_not_json(body: bytes) -> None:
    problem(await _post(body), 400, "invalid_json")


@pytest.mark.parametrize(
    ("body", "path"),
    [(b"[]", ""), (b'"text"', ""), (b"7", ""), (b"null", ""), (b"{}", "/uid"), (b'{"uid": 7}', "/uid"),
     (b'{"uid": "A", "a/b~c": 1}', "/a~1b~0c"), (b'{"uid": "A\\u0000"}', "/uid"),
     (b'{"uid": "A", "master": 1}', "/master")],
)
async def test_json_that_is_not_what_is_asked_for(body: bytes, path: str) -> None:
    document = problem(await _post(body), 422, "invalid_body")
    assert [each["path"] for each in document["errors"]] == [path]
    assert all(each["message"] for each in document["errors"])


async def test_a_body_of_another_type_or_too_large() -> None:
    for name in ("application/x-www-form-urlencoded", "application/merge-patch+json", "text/plain; charset=utf-8"):
        problem(await _post(b'{"uid": "A"}', **{"Content-Type": name}), 415, "unsupported_media_type")
    assert "1000" in problem(await _post(b" " * 1001), 413, "too_large")["detail"]


@pytest.mark.parametrize(
    ("query", "names"),
    [("limit=0", ["?limit"]), ("limit=501", ["?limit"]), ("limit=x&colour=red", ["?limit", "?colour"]),
     ("limit=1&limit=2", ["?limit"]), ("order=random", ["?order"]), ("online=maybe", ["?online"]), ("q=%00", ["?q"]),
     ("security_profile=4", ["?security_profile"])],
)
async def test_wrong_query_parameters_are_named(query: str, names: list[str]) -> None:
    async with _client() as client:
        document = problem(await client.get(f"/api/v1/stations?{query}"), 400, "invalid_parameter")
    assert [each["path"] for each in document["errors"]] == names


@pytest.mark.parametrize(
    "query",
    ["from=2026-03-01T12:00:00", "from=yesterday", "from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z"],
)
async def test_times_need_a_zone_and_an_order(query: str) -> None:
    async with _client() as client:
        document = problem(await client.get(f"/api/v1/sessions?{query}"), 400, "invalid_parameter")
    assert document["errors"][0]["path"] == "?from"


@pytest.mark.parametrize("cursor", ["x", "!!!", "W10", "WyJ0b2tlbnMiLCAibmV3ZXN0IiwgIngiXQ", "a" * 400])
async def test_a_cursor_from_nowhere(cursor: str) -> None:
    async with _client() as client:
        problem(await client.get(f"/api/v1/stations?cursor={cursor}"), 400, "invalid_cursor")


async def test_nothing_there_and_another_method() -> None:
    async with _client() as client:
        for path in ("/nowhere", "/api/v1/nowhere", "/api/v1/stations/", "/api/v1//stations", "/api/v2/stations"):
            problem(await client.get(path), 404, "not_found")
        wrong = await client.put("/api/v1/stations")
        problem(wrong, 405, "method_not_allowed")
        assert wrong.headers["allow"] == "GET, HEAD, POST"
        problem(await client.options("/api/v1/stations/x"), 405, "method_not_allowed")


@pytest.mark.parametrize("value", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", TOKEN])
async def test_every_route_asks_for_the_token(value: str) -> None:
    async with _client() as client:
        for route in ROUTES:
            path = "/api/v1" + re.sub(r"\{\w+\}", "x", route.path)
            answer = await client.request(route.method, path, headers={"Authorization": value})
            problem(answer, 401, "unauthorized")
            assert answer.headers["www-authenticate"].startswith("Bearer")
            assert TOKEN not in answer.text


async def test_every_route_answers_503_while_the_store_is_away() -> None:
    async with _client(CannotConnect("10.0.0.7 port 5432")) as client:
        for route in ROUTES:
            path = "/api/v1" + re.sub(r"\{(\w+)\}", _some_path, route.path)
            if route.path == "/display-messages/{id}":
                path = "/api/v1/display-messages/7"  # theirs are numbers
            example = bodies().get((route.method, route.path), route.example)
            body = {"content": "null"} if route.body is Any else {} if example is None else {"json": example}
            answer = await client.request(route.method, path, **body)
            if answer.json()["code"] == "no_files":  # nothing of this route is done without the file server
                continue
            problem(answer, 503, "store_unavailable")
            assert answer.headers["retry-after"] == "5"
            assert "10.0.0.7" not in answer.text
        problem(await client.get("/api/v1/stations", headers={"Voltyard-Tenant": "other"}), 503, "store_unavailable")


def _some_path(found: re.Match[str]) -> str:
    return {"id": "01930c1e-7d5a-7c3e-9a55-3f1f0b6c2d11", "command": "limit"}.get(found[1], "x")


async def test_a_fault_of_ours_shows_its_request_and_nothing_else() -> None:
    async with _client(ZeroDivisionError("secret inner words")) as client:
        answer = await client.get("/api/v1/stations", headers={"X-Request-ID": "mine-1"})
    body = problem(answer, 500, "internal_error")
    assert body["request_id"] == "mine-1"
    assert "secret" not in answer.text
    assert "ZeroDivision" not in answer.text


@pytest.mark.parametrize(
    ("given", "kept"), [("abc-1.2", True), ("a b", False), ("x" * 129, False), ("<script>", False)]
)
async def test_request_ids_are_taken_when_harmless(given: str, kept: bool) -> None:
    async with _client() as client:
        back = (await client.get("/healthz", headers={"X-Request-ID": given})).headers["x-request-id"]
    assert (back == given) is kept
    assert len(back) > 0


@pytest.mark.parametrize("key", ["x" * 256, "ä", "a\tb"])
async def test_an_idempotency_key_that_is_none(key: str) -> None:
    async with _client() as client:
        headers = [(b"Idempotency-Key", key.encode()), (b"Content-Type", b"application/json")]
        answer = await client.post("/api/v1/tokens", content=b'{"uid": "A"}', headers=headers)
    problem(answer, 400, "invalid_header")


async def test_health_needs_no_token_and_readiness_lists_what_is_missing() -> None:
    missing: list[str] = []
    async with _client(missing=missing) as client:
        client.headers.clear()
        assert (await client.get("/healthz")).json() == {"status": "ok"}
        assert (await client.get("/readyz")).json() == {"status": "ready", "missing": []}
        metrics = await client.get("/metrics")
        assert (metrics.status_code, metrics.text) == (200, "# TYPE up gauge\nup 1\n")
        assert metrics.headers["content-type"].startswith("text/plain; version=")
    async with _client(missing=["the database"]) as client:
        answer = await client.get("/readyz")
        assert problem(answer, 503, "not_ready")["missing"] == ["the database"]
        assert (await client.get("/healthz")).status_code == 200


async def test_readiness_that_hangs_is_not_ready(autojump_clock: trio.testing.MockClock) -> None:
    database: Any = NoDatabase(AssertionError())
    context = make_context(DirectedStations(), database, database, LiveHub(), [])
    hanging = attrs.evolve(context, readiness=trio.sleep_forever)
    transport = httpx.ASGITransport(app=make_app(hanging))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://api.test") as client:
        problem(await client.get("/readyz"), 503, "not_ready")


async def test_metrics_may_have_a_listener_of_their_own() -> None:
    database: Any = NoDatabase(AssertionError())
    context = make_context(DirectedStations(), database, database, LiveHub(), [], metrics_here=False)
    for app, status in ((make_app(context), 404), (make_metrics_app(context), 200)):
        transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://api.test") as client:
            assert (await client.get("/metrics")).status_code == status


async def _nothing(call: Call[Any, Any]) -> Answer:
    return Answer()


def test_a_route_without_a_permission_does_not_start_nor_an_entry_without_a_route() -> None:
    database: Any = NoDatabase(AssertionError())
    context = make_context(DirectedStations(), database, database, LiveHub(), [])
    extra = Route("GET", "/secrets", _nothing, "Not in the table", {200: None}, query=NoQuery)
    with pytest.raises(RouteWithoutPermission, match="GET /secrets"):
        make_app(context, [*ROUTES, extra])
    with pytest.raises(RouteWithoutPermission, match=re.escape("/stations")):
        make_app(context, ROUTES[1:])


async def test_the_table_is_walked_by_a_principal_that_may_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from web import dispatch
    from web.api.call import Principal

    monkeypatch.setattr(dispatch, "principal_of", lambda *_: Principal("nobody", frozenset()))
    async with _client() as client:
        for route in ROUTES:
            path = "/api/v1" + re.sub(r"\{\w+\}", "x", route.path)
            body = problem(await client.request(route.method, path), 403, "forbidden")
            assert body["permission"] == PERMISSIONS[route.method, route.path]


def test_the_page_of_codes_is_current() -> None:
    current = (DOCS / "api-errors.md").read_text() == table_as_markdown()
    assert current, "run: python -m web.problems > docs/api-errors.md"


def test_every_code_is_used_and_every_used_code_is_in_the_table() -> None:
    sources = "".join(
        path.read_text() for path in (DOCS.parent / "web").rglob("*.py") if path.name != "problems.py"
    )
    assert [name for name in CODES if f'"{name}"' not in sources] == []
    for used in re.findall(r'ApiProblem\(\s*"(\w+)"', sources):
        assert used in CODES


@pytest.mark.server
async def test_an_unknown_tenant(api: Api) -> None:
    for slug in ("nobody", "No Body", "x" * 80):
        problem(await api.get("/stations", headers={"Voltyard-Tenant": slug}), 404, "unknown_tenant")


@pytest.mark.server
@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00Z"])
async def test_times_at_the_edge_of_the_calendar(api: Api, moment: str) -> None:
    answer = await api.get(f"/sessions?from={moment}")
    if moment.endswith("Z"):
        assert answer.status_code == 200
    else:
        problem(answer, 400, "invalid_parameter")
