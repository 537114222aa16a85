"""What follows when a file has come whole, or has not: its row, what is ready now, and the news of it."""

from datetime import datetime

import uuid_utils.compat as uuids

from storage.files import Digests
from storage.jobs import NewJob, enqueue
from storage.pool import Connection
from storage.web.file_addresses import FileAddress, Progress, move_address
from storage.web.firmware import firmware_ready
from web.files.upload import Came

RECEIVED = "log-received"  # the job that tells of it (gateway/worker/logs.py)
NOT_READY = "the checksum is not the one that was announced"


def mismatch(address: FileAddress, digests: Digests) -> str | None:
    """Why a file is not what was announced; None when it is, or nothing was."""
    announced = address.details.get("sha256")
    if announced and announced.lower() != digests.sha256:
        return f"{NOT_READY}: sha256 is {digests.sha256}, announced was {announced.lower()}"
    return None


async def settle(
    connection: Connection, address: FileAddress, came: Came, digests: Digests | None, error: str | None, now: datetime
) -> None:
    """In one transaction. `digests`: the file is whole and right."""
    progress = Progress(
        address.id, "open" if digests is None else "used", came.name, came.size, digests.sha256 if digests else None,
        error, now,
    )  # fmt: skip
    if not await move_address(connection, progress) or digests is None:
        return
    if address.purpose == "image" and address.firmware_id is not None:
        await firmware_ready(connection, address.firmware_id, digests, now)
    elif address.station_id is not None:
        state = {"size": digests.size, "file_name": came.name}
        await enqueue(connection, NewJob(
            address.tenant_id, uuids.uuid7(), RECEIVED, str(address.id), address.station_id, f"logs/{address.id}", now,
            now, state,
        ))  # fmt: skip
