"""The OpenAPI document and the pages that show it."""

import json
import re
from typing import Any

import httpx
import jsonschema_rs
import pytest

from tests.support.api import Api
from tests.web.test_api_errors import _client
from web.api.neutral import COMMANDS, EXAMPLES
from web.api.routes import LIVE, ROUTES
from web.context import Facts
from web.openapi.document import make_document
from web.openapi.older import as_3_0
from web.validation import to_struct


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(make_document(ROUTES, Facts())))
    return made


def test_every_route_is_there_once_with_its_permission(document: dict[str, Any]) -> None:
    served = {(route.method, route.path) for route in ROUTES} | {LIVE}
    shown = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert shown == served
    ids = [each["operationId"] for methods in document["paths"].values() for each in methods.values()]
    assert len(set(ids)) == len(ids)
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert ":" in operation["x-permission"]
            named = {each["name"] for each in operation["parameters"] if each.get("in") == "path"}
            assert named == set(re.findall(r"\{(\w+)\}", path))


def test_every_reference_leads_somewhere_and_every_schema_is_one(document: dict[str, Any]) -> None:
    for text in (document, as_3_0(document)):
        for found in re.findall(r'"\$ref": "(#/[^"]+)"', json.dumps(text)):
            part: Any = text
            for step in found.removeprefix("#/").split("/"):
                part = part[step]
    for name, schema in document["components"]["schemas"].items():
        jsonschema_rs.meta.validate(schema)
        assert re.fullmatch(r"[A-Za-z0-9._-]+", name)


def test_every_example_is_valid_for_its_schema_and_its_type(document: dict[str, Any]) -> None:
    checked = 0
    for route in ROUTES:
        if route.example is None:
            continue
        body = document["paths"][route.path][route.method.lower()]["requestBody"]
        schema = body["content"]["application/json"]["schema"] | {"components": document["components"]}
        jsonschema_rs.validator_for(schema).validate(route.example)
        checked += 1
    assert checked >= 8
    for name, kind in COMMANDS.items():
        to_struct(EXAMPLES[name], kind).arguments()


def _has(value: Any, name: str, wanted: Any) -> bool:
    if isinstance(value, dict):
        return value.get(name) == wanted or any(_has(each, name, wanted) for each in value.values())
    return isinstance(value, list) and any(_has(each, name, wanted) for each in value)


def test_the_older_rendition_uses_no_words_of_the_newer(document: dict[str, Any]) -> None:
    older = as_3_0(document)
    assert older["openapi"] == "3.0.3"
    assert _has(document, "type", "null")
    assert not _has(older, "type", "null")
    assert '"const"' not in json.dumps(older)
    assert older["paths"].keys() == document["paths"].keys()


async def test_pages_are_served_without_a_token_and_load_nothing_from_elsewhere() -> None:
    async with _client() as client:
        client.headers.clear()
        page = await client.get("/docs")
        assert page.status_code == 200
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert "<script>" not in page.text
        linked = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        assert len(linked) == 4
        for address in [*linked, "/docs/openapi-3.0.json", "/docs/errors", "/api/v1/openapi.json"]:
            assert address.startswith("/"), address
            answer = await client.get(address)
            assert (answer.status_code, len(answer.content) > 100) == (200, True), address
            again = await client.get(address, headers={"If-None-Match": answer.headers["etag"]})
            assert (again.status_code, again.content) == (304, b"")
        root = await client.get("/")
        assert (root.status_code, root.headers["location"]) == (302, "/docs")


async def test_the_errors_page_has_a_place_for_every_type() -> None:
    async with _client() as client:
        page = (await client.get("/docs/errors")).text
        answer = await client.get("/api/v1/nowhere")
    path, _, anchor = answer.json()["type"].partition("#")
    assert path == "/docs/errors"
    assert f'id="{anchor}"' in page


@pytest.mark.server
async def test_real_answers_are_what_the_document_says(api: Api, document: dict[str, Any]) -> None:
    await api.station("CP1", password="generate", items_per_message={"get_variables": 3})
    session_id = await api.session((await api.get("/stations/CP1")).json()["id"])
    await api.post("/tokens", {"uid": "A"})
    for path, address in (
        ("/stations", "/stations"), ("/stations/{station}", "/stations/CP1"), ("/tokens", "/tokens"),
        ("/tokens/{uid}", "/tokens/a"), ("/sessions", "/sessions"), ("/sessions/{id}", f"/sessions/{session_id}"),
        ("/stations/{station}/frames", "/stations/CP1/frames"), ("/refusals", "/refusals"), ("/events", "/events"),
    ):
        answer: httpx.Response = await api.get(address)
        content = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
        schema = content["schema"] | {"components": document["components"]}
        jsonschema_rs.validator_for(schema, validate_formats=True).validate(answer.json())
