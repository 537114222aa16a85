"""`adjust-stream` and `list-streams` in OCPP's words. Pure. OCPP 2.1 Part 2, N12, N14.FR.01."""

from collections.abc import Mapping
from typing import Any, Final

from actors.station.phrasing import Facts, Phrase, Phrases, Unsupported, only_by
from protocol.ocpp.version import Version


def _adjust(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    _only21(facts)
    params = {name: arguments[name] for name in ("interval", "values") if arguments.get(name) is not None}
    return "AdjustPeriodicEventStream", {"id": arguments["stream"], "params": params}


def _list(arguments: Mapping[str, Any], facts: Facts) -> Phrase:
    _only21(facts)
    return "GetPeriodicEventStream", {}


def _only21(facts: Facts) -> None:
    if facts.version is not Version.V21:
        raise Unsupported(f"OCPP {facts.version.value} has no event streams; OCPP 2.1 has")


V2: Final[Phrases] = {"adjust-stream": _adjust, "list-streams": _list}
V16: Final[Phrases] = dict.fromkeys(V2, only_by(Version.V21))
