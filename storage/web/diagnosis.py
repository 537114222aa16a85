"""What is known of a station that does not connect: its row, refusals that may be its own, how it ended, its frames."""

import ipaddress
import re
from datetime import datetime, timedelta
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.frames import FrameFilter, FrameRow, list_frames
from storage.web.refusals import RefusalRow
from storage.web.statements import all_made, made, statement
from storage.web.stations import StationRow, as_uuid, find_station, read_stations

_REFUSALS = timedelta(days=30)
_FRAMES = timedelta(hours=1)
_MOST_FRAMES = 200


@attrs.frozen
class Ended:
    """When and how a connection ended; `ending` as in the event StationOffline."""

    at: datetime
    ending: str


@attrs.frozen
class Known:
    """Facts, not judged. `row` None: no station of this name; `frames`: refused or violating ones of the last hour."""

    name: str
    row: StationRow | None
    refusals: list[RefusalRow]
    ended: Ended | None
    frames: list[FrameRow]


async def gather(connection: Connection, name: str, tenant_slug: str, now: datetime) -> Known:
    """All of it in the tenant of the connection's transaction."""
    found = await find_station(connection, name, tenant_slug)
    row: StationRow | None = None
    if found is not None:
        [row] = await read_stations(connection, [found.config.id])
    identity = row.identity if row else name
    prefix = address_prefix(row.remote_address) if row and row.remote_address else None
    refusals = [] if row is None and as_uuid(name) else all_made(RefusalRow, await connection.fetch(
        statement("diagnosis_refusals"), identity.lower(), bare(identity), prefix, now - _REFUSALS))
    if row is None:
        return Known(identity, None, refusals, None, [])
    ended = await connection.fetchrow(statement("diagnosis_ending"), f"stations/{row.id}", now - _REFUSALS)
    return Known(
        identity, row, refusals, made(Ended, ended) if ended else None, await _refused(connection, row.id, now)
    )


async def _refused(connection: Connection, station: UUID, now: datetime) -> list[FrameRow]:
    frames: list[FrameRow] = []
    for outcome in ("refused", "violated"):
        wanted = FrameFilter(station, since=now - _FRAMES, outcome=outcome)
        frames += await list_frames(connection, _MOST_FRAMES, None, False, wanted)
    return frames


def bare(identity: str) -> str:
    """Letters and digits alone, in lower case: what is left when signs between were mistyped."""
    return re.sub(r"[\W_]", "", identity.lower())


def address_prefix(address: str) -> str | None:
    """The network that refusals are merged by: /24 of IPv4, /48 of IPv6; None for what is no address."""
    try:
        ip = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return None
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 48), strict=False))
