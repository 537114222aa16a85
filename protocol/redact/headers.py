"""The headers of an HTTP request, as they may be kept with a refusal."""

from collections.abc import Sequence

from protocol.redact.names import HIDDEN, is_secret_name, normal
from protocol.redact.text import redact_text

_CREDENTIALS = frozenset({"authorization", "proxyauthorization", "cookie", "setcookie"})
_SCHEMES = ("basic", "bearer", "digest", "negotiate")


def redact_headers(headers: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    """Names in lower case with their values, repeated ones joined by a comma; credentials hidden, their scheme kept."""
    shown: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name = raw_name.decode("latin-1").lower()
        value = _value(name, raw_value.decode("latin-1"))
        shown[name] = f"{shown[name]}, {value}" if name in shown else value
    return shown


def _value(name: str, value: str) -> str:
    plain = normal(name)
    if plain in _CREDENTIALS:
        scheme, gap, rest = value.strip().partition(" ")
        return f"{scheme} {HIDDEN}" if gap and rest and scheme.lower() in _SCHEMES else HIDDEN
    if is_secret_name(name) or plain.endswith("token"):
        return HIDDEN
    return redact_text(value)
