"""The command `web-payment`: somebody is paying for this EVSE on the web (OCPP 2.1 Part 2, C25.FR.21)."""

from collections.abc import Mapping
from typing import Any, Final

from actors.station.phrasing import Facts, Phrase, Phrases, Unsupported, only_by
from protocol.ocpp.version import Version


def _started(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    if facts.version is not Version.V21:
        raise Unsupported(f"OCPP {facts.version.value} has no message for it; OCPP 2.1 has")
    return "NotifyWebPaymentStarted", {"evseId": arguments["evse"], "timeout": arguments["timeout_s"]}


V2: Final[Phrases] = {"web-payment": _started}
V16: Final[Phrases] = {"web-payment": only_by(Version.V21)}
