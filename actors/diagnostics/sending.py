"""An upload begins when its request goes out. Pure."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from actors.diagnostics.objects import LOG
from actors.firmware.sending import address_of, key_of, location_of, undo
from actors.records import Record
from actors.station.exchange import Exchange, Learned
from actors.station.steps import going, step


def _sent(exchange: Exchange) -> Iterable[Record]:
    request: Any = exchange.request if isinstance(exchange.request, Mapping) else {}
    log = request.get("log")
    window: Mapping[str, Any] = log if isinstance(log, Mapping) else request
    location = location_of(exchange)
    data = {
        "type": request.get("logType") or "DiagnosticsLog",
        "location": location,
        "address": str(address_of(location) or "") or None,
        "from": window.get("oldestTimestamp") or window.get("startTime"),
        "to": window.get("latestTimestamp") or window.get("stopTime"),
        "command": str(exchange.id),
    }
    yield step(LOG, key_of(exchange, location), "Requested", going(0), exchange.at, data=data)


SENT: Final[Learned] = {"GetLog": _sent, "GetDiagnostics": _sent}
UNDONE: Final[dict[str, Callable[[Exchange, str], Iterable[Record]]]] = {
    "GetLog": undo(LOG), "GetDiagnostics": undo(LOG),
}
