"""What it means that a command goes out, and that one came to nothing: the joined tables of all capabilities. Pure.

`SENT`: records stored before the text goes, so that whatever the station says next finds them. `UNDONE`: records when
the command failed (an error, no answer, connection lost); the second argument is how, in a word.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final

from actors.diagnostics.sending import SENT as LOGS
from actors.diagnostics.sending import UNDONE as LOGS_UNDONE
from actors.firmware.sending import SENT as FIRMWARE
from actors.firmware.sending import UNDONE as FIRMWARE_UNDONE
from actors.records import CommandRecord, Record
from actors.station.exchange import Exchange, Learned
from actors.station.who import NewId, Station

Undo = Callable[[Exchange, str], Iterable[Record]]
Undone = Mapping[str, Undo]

_SENT: Final[Learned] = {**FIRMWARE, **LOGS}
_UNDONE: Final[Undone] = {**FIRMWARE_UNDONE, **LOGS_UNDONE}


def going_out(station: Station, row: CommandRecord, now: datetime, new_id: NewId) -> list[Record]:
    """Records beside a command's own when it is about to be sent."""
    learn = _SENT.get(row.action)
    return [] if learn is None else list(learn(_exchange(station, row, now, new_id)))


def came_to_nothing(station: Station, row: CommandRecord, now: datetime, new_id: NewId) -> list[Record]:
    """Records beside a command's own when it got no answer of its type; `row.status` says why."""
    undo = _UNDONE.get(row.action)
    return [] if undo is None else list(undo(_exchange(station, row, now, new_id), row.status))


def _exchange(station: Station, row: CommandRecord, now: datetime, new_id: NewId) -> Exchange:
    return Exchange(station, row.action, row.command, row.request, {}, now, new_id, row.id)
