"""What follows when a file has come whole, or has not: it is checked and put in its place; its row, and the news of it.

Both ways in end here, HTTP and FTP: nothing is taken at an address that is over, and nothing that was not announced.
"""

from collections.abc import Callable
from datetime import datetime

import attrs
import uuid_utils.compat as uuids

from storage.files import Digests, NotThere
from storage.jobs import NewJob, enqueue
from storage.pool import Connection
from storage.web.file_addresses import FileAddress, Progress, get_address, move_address
from storage.web.firmware import firmware_ready
from web.context import Reads
from web.files.server import Files
from web.files.upload import Came, place_of

RECEIVED = "log-received"  # the job that tells of it (gateway/worker/logs.py)
NOT_READY = "the checksum is not the one that was announced"
ENDED = "this address is no longer in use"


def over(address: FileAddress, now: datetime) -> str | None:
    """Why nothing more happens at an address; None while it may."""
    if address.status == "used":
        return "the file has been brought to this address already"
    if address.status == "ended":
        return ENDED
    if now >= address.expires_at:
        return "this address has expired; ask for a new one"
    return None


def mismatch(address: FileAddress, digests: Digests) -> str | None:
    """Why a file is not what was announced; None when it is, or nothing was."""
    announced = address.details.get("sha256")
    if announced and announced.lower() != digests.sha256:
        return f"{NOT_READY}: sha256 is {digests.sha256}, announced was {announced.lower()}"
    return None


async def ended(reads: Reads, files: Files, address: FileAddress, came: Came, now: Callable[[], datetime]) -> Came:
    """Settles an upload however it ended. Gives `came`, with a problem's code when a whole file is not taken."""
    digests = None
    if came.code is None and came.whole:
        came, digests = await _checked(reads, files, address, came)
    tenant, error = address.tenant_id, came.detail or None
    taken = await reads.run_as_tenant(tenant, lambda c: settle(c, address, came, digests, error, now()))
    if digests is not None and not taken:  # it was withdrawn while the file was put in its place
        await files.disk(lambda: files.store.remove(*place_of(address)))
        return attrs.evolve(came, size=0, whole=False, code="address_ended", detail=ENDED)
    return came


async def _checked(reads: Reads, files: Files, address: FileAddress, came: Came) -> tuple[Came, Digests | None]:
    """A whole file goes to its place, unless it is not the one that was announced or nobody waits for it any more."""
    place = place_of(address)
    code, wrong, digests = "wrong_checksum", None, None
    try:
        digests = await files.check(lambda: files.store.digests(*place))
        wrong = mismatch(address, digests)
    except NotThere:
        wrong = ENDED
    if wrong is None:
        found = await reads.run_as_tenant(address.tenant_id, lambda c: get_address(c, address.id))
        wrong = None if found is not None and found.status == "open" else ENDED
    if wrong is not None or digests is None:
        code = "address_ended" if wrong == ENDED else code
        await files.disk(lambda: files.store.discard(*place))
        return attrs.evolve(came, size=0, whole=False, code=code, detail=wrong or ENDED), None
    try:
        await files.disk(lambda: files.store.finish(*place))
    except NotThere:  # deleted between the look at its row and now, or another node was faster
        return attrs.evolve(came, size=0, whole=False, code="address_ended", detail=ENDED), None
    return came, digests


async def settle(
    connection: Connection, address: FileAddress, came: Came, digests: Digests | None, error: str | None, now: datetime
) -> bool:
    """In one transaction. `digests`: the file is whole and right. False when the address is over."""
    progress = Progress(
        address.id, "open" if digests is None else "used", came.name, came.size, digests.sha256 if digests else None,
        error, now,
    )  # fmt: skip
    if not await move_address(connection, progress):
        return False
    if digests is None:
        return True
    if address.purpose == "image" and address.firmware_id is not None:
        return await firmware_ready(connection, address.firmware_id, digests, now)
    if address.station_id is not None:
        state = {"size": digests.size, "file_name": came.name}
        await enqueue(connection, NewJob(
            address.tenant_id, uuids.uuid7(), RECEIVED, str(address.id), address.station_id, f"logs/{address.id}", now,
            now, state,
        ))  # fmt: skip
    return True
