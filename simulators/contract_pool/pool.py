"""The pool's side of docs/guides/plug-and-charge.md: it never decodes EXI either, and answers as its script says.

A script is a list of words, one a request, the last one stays: `ok`, `several` (three answers at once), `refuse`,
`slow`, `garbage`, `empty`, `huge`, `status`.
"""

import base64
import hashlib
from collections.abc import Sequence
from typing import Any, Final

import attrs
import orjson
import trio

from simulators.http import Request, Response

WORDS: Final = ("ok", "several", "refuse", "slow", "garbage", "empty", "huge", "status")
_JSON: Final = "application/json"


@attrs.define
class Pool:
    """`requests` holds what came, newest last, at most `most`. `token`: what has to be shown, if anything."""

    script: Sequence[str] = ("ok",)
    token: str | None = attrs.field(default=None, repr=False)
    slow_s: float = 60.0
    most: int = 100
    requests: list[dict[str, Any]] = attrs.Factory(list)
    _place: int = 0

    async def handle(self, request: Request) -> Response:
        """One POST of a request."""
        if self.token is not None and request.headers.get("authorization") != f"Bearer {self.token}":
            return Response(401)
        try:
            asked = orjson.loads(request.body)
            exi = str(asked["exiRequest"])
        except (orjson.JSONDecodeError, KeyError, TypeError):
            return Response(400)
        self.requests = [*self.requests, asked][-self.most :]
        word = self.script[min(self._place, len(self.script) - 1)]
        self._place += 1
        if word == "slow":
            await trio.sleep(self.slow_s)
        return _answer(word, exi)


def _answer(word: str, exi: str) -> Response:
    match word:
        case "status":
            return Response(503)
        case "garbage":
            return Response(200, b"<html>not here</html>", "text/html")
        case "empty":
            return _json({"status": "Accepted"})
        case "refuse":
            told = {"reasonCode": "NoContract", "additionalInfo": "no contract for this vehicle"}
            return _json({"status": "Failed"} | told)
        case "several":
            return _json({"status": "Accepted", "exiResponses": [certificate(exi, number) for number in range(3)]})
        case "huge":
            return _json({"status": "Accepted", "exiResponse": "A" * 20_000})
        case _:
            return _json({"status": "Accepted", "exiResponse": certificate(exi)})


def certificate(exi: str, number: int = 0) -> str:
    """What stands for the EXI of a CertificateInstallationRes: the same for the same request."""
    return base64.b64encode(hashlib.sha512(f"{number} {exi}".encode()).digest() * 8).decode()


def _json(value: dict[str, Any]) -> Response:
    return Response(200, orjson.dumps(value), _JSON)
