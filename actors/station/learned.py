"""What answered commands tell of a station: the joined table of all capabilities. Pure.

Several may learn from one action. What a capability cannot make sense of (a request sent unchecked) is left alone.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from actors.certificates.learned import LEARN as CERTIFICATES
from actors.charging.learned import LEARN as CHARGING
from actors.control.learned import LEARN as CONTROL
from actors.datatransfer.learned import LEARN as DATA_TRANSFER
from actors.device.learned import LEARN as DEVICE
from actors.diagnostics.learned import LEARN as DIAGNOSTICS
from actors.display.learned import LEARN as DISPLAY
from actors.firmware.learned import LEARN as FIRMWARE
from actors.grid.learned import LEARN as GRID
from actors.locallist.learned import LEARN as LOCAL_LIST
from actors.monitoring.learned import LEARN as MONITORING
from actors.records import CommandRecord, Record, StationStepRecord
from actors.reservation.learned import LEARN as RESERVATION
from actors.station import summaries
from actors.station.exchange import Exchange, Learn, Learned
from actors.station.steps import changed
from actors.station.who import NewId, Station
from actors.streams.learned import LEARN as STREAMS
from actors.tariffs.learned import LEARN as TARIFFS

_TABLES: Final[tuple[Learned, ...]] = (
    STREAMS,
    MONITORING,
    DIAGNOSTICS,
    FIRMWARE,
    DEVICE,
    DISPLAY,
    TARIFFS,
    CHARGING,
    CERTIFICATES,
    GRID,
    DATA_TRANSFER,
    RESERVATION,
    CONTROL,
    LOCAL_LIST,
)


def _joined() -> dict[str, tuple[Learn, ...]]:
    joined: dict[str, tuple[Learn, ...]] = {}
    for table in _TABLES:
        for action, learn in table.items():
            joined[action] = (*joined.get(action, ()), learn)
    return joined


_LEARN: Final = _joined()


def learned(station: Station, row: CommandRecord, now: datetime, new_id: NewId) -> list[Record]:
    """Records that follow from a command's answer, which was valid for its type."""
    learn = _LEARN.get(row.action)
    if learn is None or not isinstance(row.answer, Mapping):
        return []
    exchange = Exchange(
        station, row.action, row.command, row.request, row.answer, now, new_id, row.id, row.requested_by
    )
    found: list[Record] = [record for each in learn for record in each(exchange)]
    found += [changed(step, station, new_id) for step in found if isinstance(step, StationStepRecord)]
    return found + [exchange.event(summary) for summary in summaries.of_answers(station, found)]
