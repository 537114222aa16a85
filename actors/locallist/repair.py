"""When the list on a station is not what it should be, by the station's own word: it is compared and put right. Pure.

OCPP 1.6, 3.5.3: a station tells `LocalListConflict` when an answer of ours contradicts its list. 2.x has no such word.
"""

from typing import Any, Final

from actors.station.work import Work

JOB: Final = "sync-local-list"
CONFLICT: Final = "LocalListConflict"
CHECK: Final[dict[str, Any]] = {"check": True}  # ask the station for its version first


def begin(work: Work) -> None:
    """What differs is sent; where nothing does, the station's entries are not what it confirmed: the whole list."""
    state = CHECK | {"conflict": True}
    work.job(JOB, state, key=str(work.station_id), subject=f"local-lists/{work.station_id}")
