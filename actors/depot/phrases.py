"""Battery swap as a neutral command. OCPP 2.1 Part 2, S02."""

from collections.abc import Mapping
from typing import Any, Final

from actors.station.phrasing import Facts, Phrase, Phrases, only_by
from protocol.ocpp.version import Version

_refuse: Final = only_by(Version.V21)


def _swap(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    """RequestBatterySwap; whether the token may is looked up before (S02.FR.03)."""
    if facts.version is not Version.V21:
        return _refuse(arguments, facts)
    kind = arguments.get("token_type") or facts.token_type
    token = {"idToken": arguments["token"], "type": kind}
    return "RequestBatterySwap", {"idToken": token, "requestId": arguments.get("request_id") or facts.number}


V2: Final[Phrases] = {"battery-swap": _swap}
V16: Final[Phrases] = V2
