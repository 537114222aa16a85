"""SecurityEventNotification of every version: kept as it came, told, and answered (A04.FR.03)."""

from datetime import datetime
from typing import Any, Final

from actors.security.critical import is_critical
from actors.station.heard import EMPTY, Heard, Incoming
from actors.station.work import Work
from protocol.events.security import SecurityEvent
from protocol.events.types import make
from protocol.ocpp import neutral
from protocol.redact import redact_text


def _happened(work: Work, heard: Heard) -> neutral.Reply:
    """A04.FR.02 and A04.FR.03: stored before it is confirmed, so that nothing a station queued for us is lost."""
    payload: Any = heard.payload
    report_id = work.report(heard.station, heard.action, heard.json, told=False)
    info = getattr(payload, "techInfo", None)
    at = payload.timestamp
    work.event(
        make(
            SecurityEvent(
                station_id=heard.station.id,
                station=heard.station.identity,
                event=payload.type,
                critical=is_critical(payload.type),
                at=at if isinstance(at, datetime) else None,
                info=redact_text(info) if isinstance(info, str) else None,
                report_id=report_id,
            )
        )
    )
    return EMPTY


INCOMING: Final[Incoming] = {"SecurityEventNotification": _happened}
