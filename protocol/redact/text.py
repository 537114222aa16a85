"""Prose, log lines and frames that are no JSON: secrets found by how they are written, not by where they stand."""

import base64
import binascii
import re

from protocol.redact.addresses import clean_addresses
from protocol.redact.names import HIDDEN, WORDS_PATTERN

# What follows `name =`: a string in either kind of quotes (perhaps cut off), a string inside JSON inside JSON, a bare
# word. A bare null or truth value is no secret.
_VALUE = (
    r"(?:(?P<open>\")(?:[^\"\\]|\\.)*(?P<close>\"?)"
    r"|(?P<open1>')(?:[^'\\]|\\.)*(?P<close1>'?)"
    r"|(?P<open2>(?P<level>\\+)\")(?:(?!(?<!\\)(?P=level)\").)*(?P<close2>(?:(?P=level)\")?)"
    r"|(?!(?:null|true|false|none|unset)(?:[\s,;&}\]]|$))[^\s,;&}\]\"'\\][^\s,;&}\]]*)"
)
_AFTER_NAME = r"(?:\\{0,8}[\"'])?\s{0,8}[:=]\s{0,8}"
_FLAGS = re.IGNORECASE | re.DOTALL
_WORD = re.compile(WORDS_PATTERN, re.IGNORECASE)
_ASSIGNED = re.compile(rf"(?P<name>(?:{WORDS_PATTERN})[\w.\-]{{0,64}}{_AFTER_NAME}){_VALUE}", _FLAGS)
# In `{"key": "AuthorizationKey", "value": "…"}` the name and the secret stand apart.
_VALUE_NAMES = "(?:attribute_?|actual_?)?value|additional_?info|data"
_VALUE_FIELD = re.compile(rf"(?P<name>(?<![a-z])(?:{_VALUE_NAMES}){_AFTER_NAME}){_VALUE}", _FLAGS)
_KEY_FIELD = re.compile(rf"(?P<name>(?<![a-z])key{_AFTER_NAME}){_VALUE}", _FLAGS)
# `"AuthorizationKey", "…"`: name and secret in a list. A text that a colon follows is the next name.
_PAIR = re.compile(
    rf"(?P<name>(?P<quote>\\{{0,8}}[\"'])[\w.\-]{{0,64}}(?:{WORDS_PATTERN})[\w.\-]{{0,64}}(?P=quote)\s{{0,8}},\s{{0,8}}"
    r"(?P=quote))(?:(?!(?P=quote))[^\\]|(?!(?P=quote))\\.)*(?:(?P<close>(?P=quote))(?!\s{0,8}:)|\Z)",
    _FLAGS,
)
_SET_TO = re.compile(
    rf"(?P<name>(?:{WORDS_PATTERN})[\w.\-]{{0,64}}\s+(?:(?:was|is|has|been|now)\s+){{0,3}}(?:set|changed|updated)\s+to\s+)"
    rf"{_VALUE}",
    _FLAGS,
)
_VPN = re.compile(r"(?<![a-z])vpn\\{0,8}[\"']?\s{0,8}[:=]", re.IGNORECASE)
_HEADER = re.compile(
    r"(?P<name>authorization(?:\\{0,8}[\"'])?\s{0,8}[:=,]\s{0,8}(?:b(?=[\"']))?(?:\\{0,8}[\"'])?(?:(?:basic|bearer|digest)\s+)?)"
    r"(?P<value>[^\s\"'\\,;}\]][^\"'\\}\]\r\n]*)",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"\b(?P<scheme>Basic|Bearer)\s+(?P<value>[A-Za-z0-9+/=_.~\-]{4,})", re.IGNORECASE)
# Every way to write a secret down needs a blank, a colon, an equals sign, a comma or a quote.
_PLAIN = re.compile(r"[\w.+\-]*")
_PEM = re.compile(
    r"(-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----).*?(-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|\Z)", re.DOTALL
)


def names_secret(text: str) -> bool:
    """True when a secret's name stands anywhere in the text."""
    return _WORD.search(text) is not None


def count_names(text: str) -> int:
    """How many secrets are named in the text."""
    return sum(1 for _ in _WORD.finditer(text))


def redact_text(text: str, *, carrier: bool = False) -> str:
    """The text without the secrets that can be told by how they are written.

    Addresses with credentials, `Authorization: …`, `Basic …`, private keys, `password=…` in any of the usual
    spellings, and in text that names a secret key everything that follows `value:` or `data:`. With `carrier` that
    always: the text is a piece of a message about variables, whose names may be in the other piece.
    """
    if _PLAIN.fullmatch(text):
        return text
    text = clean_addresses(text)
    if "PRIVATE KEY-----" in text:
        text = _PEM.sub(rf"\1{HIDDEN}\2", text)
    text = _HEADER.sub(lambda match: match["name"] + HIDDEN, text)
    text = _SCHEME.sub(_credentials, text)
    named = names_secret(text)
    if named:
        text = _ASSIGNED.sub(_hidden, text)
        text = _SET_TO.sub(_hidden, text)
        text = _PAIR.sub(lambda match: f"{match['name']}{HIDDEN}{match['close'] or ''}", text)
    if named or carrier:
        text = _VALUE_FIELD.sub(_hidden, text)
    if _VPN.search(text):
        text = _KEY_FIELD.sub(_hidden, text)
    return text


def _hidden(match: re.Match[str]) -> str:
    opening = match["open"] or match["open1"] or match["open2"] or ""
    closing = match["close"] or match["close1"] or match["close2"] or ""
    return f"{match['name']}{opening}{HIDDEN}{closing}"


def _credentials(match: re.Match[str]) -> str:
    """`Basic authentication` is prose; `Basic dXNlcjpwdw==` is not."""
    value = match["value"]
    bearer = match["scheme"].lower() == "bearer"
    secret = (len(value) >= 16 and not value.isalpha()) if bearer else _is_basic(value)
    return f"{match['scheme']} {HIDDEN}" if secret else match.group()


def _is_basic(value: str) -> bool:
    plain = value.rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        return b":" in base64.b64decode(plain + "=" * (-len(plain) % 4))
    except binascii.Error:
        return False
