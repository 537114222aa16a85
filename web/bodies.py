"""Reads a request's query and body into what the route asks for."""

import hashlib
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from web.problems import ApiProblem
from web.validation import NotValid, nul_paths, to_struct

S = TypeVar("S", bound=Struct)

_SECRET_MEMBERS = ("password",)
_KEY_LENGTH = 255


def check_media_type(content_type: str | None, *, merge_patch: bool) -> None:
    """Raises ApiProblem `unsupported_media_type`. A body without a type is taken as JSON."""
    if not content_type:
        return
    name = content_type.partition(";")[0].strip().lower()
    allowed = ["application/json", *(["application/merge-patch+json"] if merge_patch else [])]
    if name not in allowed:
        raise ApiProblem("unsupported_media_type", f"{name[:100]!r} is not taken here; send {' or '.join(allowed)}")


def decode_json(raw: bytes) -> Any:
    """Raises ApiProblem `invalid_json`, with msgspec's own words, which name a position and never the content."""
    try:
        return msgspec.json.decode(raw)
    except RecursionError:
        message = "nested too deeply"
    except UnicodeDecodeError as error:
        message = f"not UTF-8 at byte {error.start}"
    except msgspec.DecodeError as error:
        message = str(error)
        if b"\\ud" in raw.lower() and "truncated" in message:  # what msgspec says of these misleads
            message = "it ends too early, or holds half a surrogate pair (\\ud800 to \\udfff)"
    raise ApiProblem("invalid_json", f"the body is not JSON: {message}")


def read_body(raw: bytes, kind: Any, *, optional: bool) -> Any:
    """The body as `kind`: a struct, or decoded JSON for anything else. None when it is empty and may be."""
    if kind is None:
        if raw.strip():
            raise ApiProblem("invalid_body", "this takes no body", errors=[("", "leave the body out")])
        return None
    if not raw.strip():
        if optional:
            return None
        raise ApiProblem("invalid_json", "a JSON body is needed, and it is empty")
    value = decode_json(raw)
    try:
        if isinstance(kind, type) and issubclass(kind, Struct):
            return to_struct(value, kind)
    except RecursionError:
        raise ApiProblem("invalid_json", "the body is not JSON that can be read: nested too deeply") from None
    except NotValid as wrong:
        raise invalid_body(wrong) from None
    return value


def invalid_body(wrong: NotValid) -> ApiProblem:
    """422 `invalid_body` naming each wrong field."""
    return ApiProblem("invalid_body", "some fields are wrong", errors=wrong.errors)


def read_query(pairs: Sequence[tuple[str, str]], kind: type[S]) -> S:
    """Raises ApiProblem `invalid_parameter`, naming each wrong one as `?name`."""
    values: dict[str, str] = {}
    errors: list[tuple[str, str]] = []
    for name, value in pairs:
        if name in values:
            errors.append((f"?{name}", "is given more than once"))
        if nul_paths(name):
            errors.append(("?", "a name contains the character U+0000"))
        values[name] = value
    if not errors:
        try:
            return to_struct(values, kind, strict=False)
        except NotValid as wrong:
            errors = [("?" + path.removeprefix("/"), message) for path, message in wrong.errors]
    raise ApiProblem("invalid_parameter", "some query parameters are wrong", errors=errors)


def fingerprint(method: str, path: str, query: bytes, body: Any) -> str:
    """Tells whether two requests are the same. Secrets are left out: what is stored must not help to guess them."""
    if isinstance(body, Struct):
        body = msgspec.to_builtins(body)
    if isinstance(body, dict):
        body = {name: value for name, value in body.items() if name not in _SECRET_MEMBERS}
    text = msgspec.json.encode([method, path, query.decode("latin-1"), body], order="sorted")
    return hashlib.sha256(text).hexdigest()


def idempotency_key(given: str | None) -> str | None:
    """Raises ApiProblem `invalid_header` for one that cannot be kept."""
    if given is not None and not (1 <= len(given) <= _KEY_LENGTH and given.isascii() and given.isprintable()):
        raise ApiProblem(
            "invalid_header", f"`Idempotency-Key` must be 1 to {_KEY_LENGTH} printable ASCII characters"
        )
    return given
