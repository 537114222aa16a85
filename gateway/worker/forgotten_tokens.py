"""Tokens that are kept off a station's local list because their customer's data was cleared there (N10.FR.02)."""

from collections.abc import Iterable
from typing import Final

from actors.diagnostics.objects import FORGOTTEN
from actors.ports import StationConfig
from actors.records import StationObjectRecord
from gateway.worker.outcome import Tools
from storage.web.objects import ObjectFilter, list_objects

_MOST: Final = 5000  # of one station; the newest count


async def forgotten(tools: Tools, station: StationConfig) -> set[str]:
    """Their uid keys."""
    wanted = ObjectFilter((FORGOTTEN,), station.id)
    found = await tools.database(
        station.tenant_id, lambda connection: list_objects(connection, _MOST, None, oldest=False, wanted=wanted)
    )
    return {each.key for each in found}


async def remembered(tools: Tools, station: StationConfig, keys: Iterable[str]) -> None:
    """They may lie on the list again, or nobody wants them there any more."""
    now = tools.clock.now()
    gone = [StationObjectRecord(FORGOTTEN, key, None, {}, now, removed=True) for key in sorted(keys)]
    if gone:
        await tools.record(station.tenant_id, station.id, *gone)
