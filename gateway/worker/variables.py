"""Asking a station for variables, or setting them, from a job: in chunks within its limits, item by item."""

from collections.abc import Sequence
from typing import Final

import attrs

from actors.device.chunks import Kind, answered, plan
from actors.device.items import Item
from actors.ports import StationConfig
from actors.station.face import CommandResult, RawCommand
from gateway.worker.outcome import Tools
from protocol.ocpp.version import Version
from storage.jobs import Job
from storage.web.stations import read_limits

_TIMEOUT: Final = 30.0


@attrs.frozen
class Asked:
    """What came of it: items with `status` and `value`. `stopped`: the message that got no answer ended it."""

    items: list[Item]
    stopped: CommandResult | None = None


async def ask(
    tools: Tools, job: Job, station: StationConfig, version: Version, kind: Kind, items: Sequence[Item]
) -> Asked:
    """One message after the other. A station's error refuses the items of its message."""
    if not items:
        return Asked([])
    limits = await tools.database(job.tenant_id, lambda connection: read_limits(connection, station.id))
    overrides = station.settings.get("items_per_message") or {}
    found: list[Item] = []
    for message in plan(items, kind, version, limits.told, overrides):
        result = await tools.command(job, station, RawCommand(message.action, message.payload), timeout=_TIMEOUT)
        if result.status == "answered":
            found += answered(message, result.payload)
        elif result.status in ("station_error", "invalid_answer", "invalid_payload"):
            found += [item | {"status": result.error_code or result.status} for item in message.items]
        else:
            return Asked(found, result)
    return Asked(found)
