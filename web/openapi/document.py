"""The OpenAPI 3.1 document: every route with its parameters, bodies, answers, permission and problems."""

import http
import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from web.api.call import Raw
from web.api.permissions import PERMISSIONS
from web.api.route import Route
from web.context import Facts
from web.problems import CODES, MEDIA_TYPE

Json = dict[str, Any]

_REF = "#/components/schemas/{name}"
_ALWAYS = ("unauthorized", "forbidden", "unknown_tenant", "invalid_parameter", "internal_error", "store_unavailable")
_WITH_BODY = ("invalid_json", "invalid_body", "too_large", "unsupported_media_type", "request_timeout")
_CREATING = ("idempotency_in_progress", "idempotency_key_reused", "invalid_header")
_PATH_MEANINGS = {
    "station": "OCPP identity, percent-encoded, or id",
    "action": "Action of OCPP in the station's version, such as `GetDiagnostics`",
    "command": "Name of the version-neutral command",
    "id": "Id",
    "evse": "Number of the EVSE; 0 for what is of the whole station",
    "stream": "Number of the event stream, as the station named it",
    "request": "Number of the request, as in its object's key",
    "uid": "Uid, percent-encoded; case does not matter",
    "kind": "What kind of thing it is, for example `charging_profile`.",
    "key": "Which one of its kind, percent-encoded.",
    "profile": "Id of a charging profile at the station",
    "number": "Which one, counted from 1.",
    "fingerprint": "SHA-256 of the certificate, hex digits",
}


class ProblemField(Struct):
    """A field that is wrong."""

    path: str
    message: str


class Problem(Struct):
    """RFC 9457, with our stable `code`; some codes have further members."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str
    errors: list[ProblemField] = []


def make_document(routes: Sequence[Route], facts: Facts) -> Json:
    """The whole document, as JSON values."""
    schemas = _Schemas(routes)
    paths: dict[str, Json] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas)
    paths["/live"] = {"get": _live()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Voltyard", "version": facts.product_version, "summary": "EV charging platform",
            "description": "Errors are problem documents; their codes are listed under `/docs/errors`. Lists are paged "
            "by `cursor`. A platform operator names a tenant with the header `Voltyard-Tenant`.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"bearer": []}],
        "tags": [{"name": name} for name in sorted({route.tag for route in routes} | {"live"})],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "parameters": _SHARED_PARAMETERS,
        },
    }


class _Schemas:
    """Schemas by type: all made at once, so that each component is there once."""

    def __init__(self, routes: Sequence[Route]) -> None:
        types: list[Any] = [Problem]
        for route in routes:
            types += [kind for kind in route.answers.values() if kind not in (None, Raw)]
            types += _body_types(route.body)
        self._types = list({repr(kind): kind for kind in types}.values())
        made, components = msgspec.json.schema_components(self._types, ref_template=_REF)
        self._made = {repr(kind): schema for kind, schema in zip(self._types, made, strict=True)}
        self.components: Json = {_name(name): _renamed(schema) for name, schema in components.items()}

    def of(self, kind: Any) -> Json:
        schema: Json = _renamed(self._made[repr(kind)])
        return schema


def _operation(route: Route, schemas: _Schemas) -> Json:
    operation: Json = {
        "operationId": _operation_id(route), "tags": [route.tag], "summary": route.summary,
        "parameters": [*_path_parameters(route), *_query_parameters(route.query), *_header_parameters(route)],
        "responses": {
            **{str(status): _answer(status, kind, schemas) for status, kind in route.answers.items()},
            **_problems(route),
        },
        "x-permission": PERMISSIONS[route.method, route.path],
    }
    if route.description:
        operation["description"] = route.description
    if route.body is not None:
        operation["requestBody"] = _request_body(route, schemas)
    return operation


def _operation_id(route: Route) -> str:
    return route.handler.__name__


def _path_parameters(route: Route) -> list[Json]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"},
         "description": _PATH_MEANINGS[name]}
        for name in route.parameters
    ]


def _query_parameters(query: type[Struct]) -> list[Json]:
    _, components = msgspec.json.schema_components([query], ref_template=_REF)
    [schema] = components.values()
    return [
        {"name": name, "in": "query", "required": name in schema.get("required", []), "schema": _without_null(each)}
        for name, each in schema["properties"].items()
    ]


def _without_null(schema: Json) -> Json:
    """A parameter that may be left out is never sent as null."""
    options = [each for each in schema.get("anyOf", []) if each != {"type": "null"}]
    if len(options) == 1:
        schema = options[0] | {name: each for name, each in schema.items() if name not in ("anyOf", "default")}
    return schema


def _header_parameters(route: Route) -> list[Json]:
    names = ["VoltyardTenant"]
    names += ["IdempotencyKey"] if route.creates else []
    names += ["IfMatch"] if route.conditional else []
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]


def _request_body(route: Route, schemas: _Schemas) -> Json:
    kinds = _body_types(route.body)
    schema: Json = {}
    if isinstance(route.body, Mapping):
        schema = {"anyOf": [schemas.of(kind) for kind in kinds]}
    elif kinds:
        schema = schemas.of(kinds[0])
    content = {"schema": schema} | ({"example": route.example} if route.example is not None else {})
    media = ["application/json"] + (["application/merge-patch+json"] if route.merge_patch else [])
    return {"required": not route.body_optional, "content": dict.fromkeys(media, content)}


def _body_types(body: Any) -> list[Any]:
    """A struct, several by name, or any JSON."""
    if isinstance(body, Mapping):
        return list(body.values())
    return [body] if isinstance(body, type) and issubclass(body, Struct) else []


def _answer(status: int, kind: Any, schemas: _Schemas) -> Json:
    answer: Json = {"description": http.HTTPStatus(status).phrase, "headers": {"X-Request-ID": _STRING_HEADER}}
    if kind is Raw:
        answer["content"] = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    elif kind is not None:
        answer["content"] = {"application/json": {"schema": schemas.of(kind)}}
    return answer


def _problems(route: Route) -> Json:
    """Problem answers by status, each naming its codes."""
    codes = [*_ALWAYS, *route.problems]
    codes += _WITH_BODY if route.body is not None else ()
    codes += _CREATING if route.creates else ()
    codes += ("invalid_cursor",) if "cursor" in route.query.__struct_fields__ else ()
    by_status: dict[int, list[str]] = {}
    for code in dict.fromkeys(codes):
        by_status.setdefault(CODES[code].status, []).append(code)
    return {
        str(status): {
            "description": ", ".join(f"`{name}`" for name in names),
            "content": {MEDIA_TYPE: {"schema": {"$ref": _REF.format(name="Problem")}}},
        }
        for status, names in sorted(by_status.items())
    }


def _live() -> Json:
    return {
        "operationId": "live", "tags": ["live"], "summary": "Live feed (WebSocket)",
        "description": 'Send `{"subscribe": ["stations", "sessions/{id}"]}`; it is answered by `{"subscribed": […]}`, '
        'then come `{"topic", "event"}` with a CloudEvent each.',
        "parameters": [{"$ref": "#/components/parameters/VoltyardTenant"}],
        "responses": {"101": {"description": "The WebSocket is open"}},
        "x-permission": PERMISSIONS["GET", "/live"],
    }


def _name(name: str) -> str:
    """Component names may hold letters, digits, `.`, `-` and `_`."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("_")


def _renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _REF.format(name=_name(each.rpartition("/")[2])) if key == "$ref" else _renamed(each)
            for key, each in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_renamed(each) for each in value]
    return value


_STRING_HEADER: Json = {"schema": {"type": "string"}}
_SHARED_PARAMETERS: Json = {
    "VoltyardTenant": {
        "name": "Voltyard-Tenant", "in": "header", "schema": {"type": "string"},
        "description": "Slug of the tenant to act for; the caller's own without it",
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "minLength": 1, "maxLength": 255},
        "description": "The same key and request again gets the first answer again",
    },
    "IfMatch": {
        "name": "If-Match", "in": "header", "schema": {"type": "string"},
        "description": "The `ETag` that was read; 412 when it is no longer current",
    },
}
