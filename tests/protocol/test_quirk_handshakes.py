"""The corpus, kind `handshake`: requests as real stations send them, and whether and how they are let in.

`request`: the lines of the head; `station`: what is known of the station, with its `password` in plain; `want`: the
parts of the verdict that matter.
"""

from typing import Any

import pytest

from gateway.request import _parse
from protocol.ocpp.handshake import Accept, Asked, ListenerFacts, Reject, StationFacts, decide, read
from protocol.ocpp.version import Version
from tests.support.corpus import cases, like

_LISTENER = ListenerFacts(frozenset((0, 1)))


def judged(case: dict[str, Any]) -> Accept | Reject:
    head = "\r\n".join([*case["request"], "", ""]).encode("latin-1")
    request = _parse(head, 8192)
    asked = read(request.target, request.headers, None, _LISTENER, {"acme"}.__contains__)
    if isinstance(asked, Reject):
        return asked
    return decide(asked, facts(asked, dict(case.get("station", {}))))


def facts(asked: Asked, station: dict[str, Any]) -> StationFacts:
    password = station.pop("password", None)
    if "version_pin" in station:
        station["version_pin"] = Version(station["version_pin"])
    if password is not None:
        tried = () if asked.credentials is None else asked.credentials.passwords
        station |= {"has_password": True, "security_profile": 1, "password_ok": password.encode("latin-1") in tried}
    return StationFacts(**{"identity": "CP1", **station})


def told(verdict: Accept | Reject) -> dict[str, Any]:
    if isinstance(verdict, Reject):
        return {"status": verdict.status, "reason": verdict.reason}
    return {
        "identity": verdict.identity, "tenant": verdict.tenant_slug, "version": verdict.version.value,
        "subprotocol": verdict.subprotocol, "profile": verdict.profile, "deflate": verdict.deflate is not None,
        "close": None if verdict.close_after is None else verdict.close_after.code,
    }  # fmt: skip


@pytest.mark.parametrize("case", cases("handshake"))
def test_a_handshake_is_judged(case: dict[str, Any]) -> None:
    verdict = told(judged(case))
    assert like(verdict, case["want"]), verdict
