"""Signed meter values as stations send them: what is in them, without touching a letter of it. Pure.

1.6: a sampled value of format SignedData, whose text is the signed data itself or a SignedMeterValueType as JSON; 2.x:
`signedMeterValue` beside the plain value (OCA application note "Signed Meter Values", 3.2 and 4.2).
"""

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

_FORMATS: Final = (
    ("OCMF|", "OCMF"),
    ("<signedMeterValue", "XML"),
    ("<?xml", "XML"),
    ("-----BEGIN", "PEM"),
    ("AP;", "ALFEN"),
)


class Signed(msgspec.Struct, frozen=True):
    """One signed value. `raw`: as received; `data`: the signed data of it, to the letter.

    `format`: what the station says (encodingMethod), else what the data looks like, else None. The key as received.
    """

    raw: str
    data: str
    measurand: str | None
    context: str | None
    phase: str | None
    location: str | None
    format: str | None
    signing_method: str | None
    public_key: str | None


class PublicKey(msgspec.Struct, frozen=True):
    """A meter's key. Of the form `oca:<encoding>:<content type>:<key>` the parts; else only `received` (3.2.2)."""

    received: str
    encoding: str | None = None
    content_type: str | None = None
    key: str | None = None


def signed_values(sampled: Sequence[Mapping[str, Any]]) -> Iterator[Signed]:
    """The signed ones of a sampledValue list (plain JSON, any version), in their order."""
    for sample in sampled:
        inner = sample.get("signedMeterValue")
        if isinstance(inner, Mapping):
            yield _made(sample, _text(inner), inner)
        elif sample.get("format") == "SignedData":
            raw = str(sample.get("value", ""))
            yield _made(sample, raw, _wrapped(raw))


def _made(sample: Mapping[str, Any], raw: str, inner: Mapping[str, Any] | None) -> Signed:
    data = raw if inner is None else str(inner["signedMeterData"])
    said = inner or {}
    return Signed(
        raw=raw,
        data=data,
        measurand=sample.get("measurand"),
        context=sample.get("context"),
        phase=sample.get("phase"),
        location=sample.get("location"),
        format=said.get("encodingMethod") or looks_like(data),
        signing_method=said.get("signingMethod") or None,
        public_key=said.get("publicKey") or None,
    )


def _text(inner: Mapping[str, Any]) -> str:
    return msgspec.json.encode(inner).decode()


def _wrapped(raw: str) -> Mapping[str, Any] | None:
    """The SignedMeterValueType in a 1.6 value; None when the value is the signed data itself."""
    if not raw.lstrip().startswith("{"):
        return None
    try:
        found = msgspec.json.decode(raw)
    except msgspec.DecodeError:
        return None
    return found if isinstance(found, Mapping) and isinstance(found.get("signedMeterData"), str) else None


def looks_like(data: str) -> str | None:
    """The format of signed data by its first letters, also within base64; None when nothing is recognised."""
    for beginning, name in _FORMATS:
        if data.lstrip().startswith(beginning):
            return name
    try:
        inner = base64.b64decode(data, validate=True)[:64].decode("ascii")
    except (binascii.Error, ValueError):
        return None
    return next((name for beginning, name in _FORMATS if inner.lstrip().startswith(beginning)), None)


def public_key(received: str) -> PublicKey:
    """What a public key says of itself."""
    try:
        text = base64.b64decode(received, validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        text = received
    parts = text.split(":", 3)
    if len(parts) == 4 and parts[0] == "oca":
        return PublicKey(received, parts[1], parts[2], parts[3])
    return PublicKey(received)
