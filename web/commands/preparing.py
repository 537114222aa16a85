"""What commands need before they can be said: an address of the file server, and a look at what the station takes.

`prepared` turns a command's arguments into those that its phrase knows (actors/*/phrases.py). What it made is undone by
`unused` when the command never went out.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import attrs
import uuid_utils.compat as uuids

from actors.device.chunks import clearings, reports
from actors.device.prompts import REST
from actors.ports import StationConfig
from storage.jobs import NewJob, enqueue
from storage.pool import Connection
from storage.web.file_addresses import delete_address
from storage.web.firmware import FirmwareRow, get_firmware
from storage.web.objects import ObjectFilter, list_objects
from storage.web.stations import read_limits
from web.commands import charging_fit, grid_fit, transfer_fit
from web.context import Reads
from web.files.server import Files, Wanted, make_address
from web.problems import ApiProblem

LOG_TYPES: Final = {"diagnostics": "DiagnosticsLog", "security": "SecurityLog", "data_collector": "DataCollectorLog"}


@attrs.frozen
class For:
    """Whom and what for."""

    reads: Reads
    files: Files | None
    station: StationConfig
    requested_by: str
    now: datetime
    wait: timedelta = timedelta()  # how long the command may wait for its station

    @property
    def server(self) -> Files:
        if self.files is None:
            raise ApiProblem("no_files", "this node serves no files; give a `url` of your own")
        return self.files


@attrs.frozen
class Prepared:
    """Arguments for the phrase; `address`: what was made for them; `rest`: what did not fit into one message."""

    arguments: dict[str, Any]
    address: UUID | None = None
    rest: tuple[dict[str, Any], ...] = ()


async def prepared(name: str, arguments: dict[str, Any], about: For) -> Prepared:
    """Raises ApiProblem for what cannot be."""
    prepare = _PREPARE.get(name)
    return Prepared(arguments) if prepare is None else await prepare(arguments, about)


async def unused(made: Prepared, about: For) -> None:
    """The command never went out: nobody knows the address."""
    address = made.address
    if address is not None:
        await about.reads.run_as_tenant(about.station.tenant_id, lambda c: delete_address(c, address))


async def followed(made: Prepared, about: For) -> None:
    """The command was answered: what did not fit follows, message by message, as a job."""
    if not made.rest:
        return
    station = about.station
    job = NewJob(
        station.tenant_id, uuids.uuid7(), REST, None, station.id, f"stations/{station.id}", about.now, about.now,
        {"rest": list(made.rest)}, requested_by=about.requested_by,
    )  # fmt: skip
    await about.reads.run_as_tenant(station.tenant_id, lambda connection: enqueue(connection, job))


async def _report(arguments: dict[str, Any], about: For) -> Prepared:
    """B08.FR.06: no more components in one message than the station takes; each message is a report of its own."""
    limits = await about.reads.run_as_tenant(about.station.tenant_id, lambda c: read_limits(c, about.station.id))
    first, *rest = reports(arguments, limits.told, about.station.settings.get("items_per_message") or {})
    return Prepared(first, rest=tuple(rest))


async def _update(arguments: dict[str, Any], about: For) -> Prepared:
    signed = arguments.pop("signed", True)
    if "url" in arguments:
        return Prepared(_moved(arguments))
    image_id: UUID = arguments.pop("firmware")
    ftp = _ftp(arguments, about)

    async def make(connection: Connection) -> Prepared:
        image = await _image(connection, image_id)
        made = await make_address(connection, about.server, Wanted(
            about.station.tenant_id, "firmware", about.now, about.requested_by, about.station.id, image.id,
            name=image.name, ftp=ftp, wait=about.wait + _later(arguments, about.now),
        ))  # fmt: skip
        certificate = {"signature": image.signature, "signing_certificate": image.signing_certificate}  # L01.FR.11
        given = certificate if signed and image.signature else {}
        return Prepared(arguments | given | {"location": made.location}, made.id)

    return await about.reads.run_as_tenant(about.station.tenant_id, make)


async def _publish(arguments: dict[str, Any], about: For) -> Prepared:
    if "url" in arguments:
        return Prepared(_moved(arguments))
    image_id: UUID = arguments.pop("firmware")

    async def make(connection: Connection) -> Prepared:
        image = await _image(connection, image_id)
        made = await make_address(connection, about.server, Wanted(
            about.station.tenant_id, "firmware", about.now, about.requested_by, about.station.id, image.id,
            name=image.name, wait=about.wait,
        ))  # fmt: skip
        return Prepared({"checksum": image.md5} | arguments | {"location": made.location}, made.id)

    return await about.reads.run_as_tenant(about.station.tenant_id, make)


async def _log(arguments: dict[str, Any], about: For) -> Prepared:
    if "url" in arguments:
        return Prepared(_moved(arguments))
    ftp = _ftp(arguments, about)

    async def make(connection: Connection) -> Prepared:
        made = await make_address(connection, about.server, Wanted(
            about.station.tenant_id, "log", about.now, about.requested_by, about.station.id,
            log_type=LOG_TYPES[arguments["type"]], ftp=ftp, wait=about.wait,
        ))  # fmt: skip
        return Prepared(arguments | {"location": made.location}, made.id)

    return await about.reads.run_as_tenant(about.station.tenant_id, make)


async def _clear(arguments: dict[str, Any], about: For) -> Prepared:
    """N06.FR.04: no more ids in one message than the station said it takes."""
    limits = await about.reads.run_as_tenant(about.station.tenant_id, lambda c: read_limits(c, about.station.id))
    first, *rest = clearings(arguments["monitors"], limits.told)
    later = tuple({"command": "clear-monitors", "monitors": monitors} for monitors in rest)
    return Prepared({"monitors": first}, rest=later)


async def _adjust(arguments: dict[str, Any], about: For) -> Prepared:
    """A stream that the station has never told of cannot be meant."""
    key = str(arguments["stream"])
    wanted = ObjectFilter(("event_stream",), about.station.id, None, key)
    found = await about.reads.run_as_tenant(
        about.station.tenant_id, lambda c: list_objects(c, 1, None, oldest=False, wanted=wanted)
    )
    if not found:
        raise ApiProblem("unknown_stream", f"this station has no open event stream {key}; `list-streams` asks it")
    return Prepared(arguments)


async def _image(connection: Connection, image_id: UUID) -> FirmwareRow:
    image = await get_firmware(connection, image_id)
    if image is None:
        raise ApiProblem("unknown_firmware", f"no firmware image has the id {image_id}")
    if image.status != "ready":
        raise ApiProblem("firmware_awaited", f"the bytes of {image.name} have not been brought yet")
    return image


def _ftp(arguments: dict[str, Any], about: For) -> bool:
    """Quirk 33: some stations know nothing but FTP; the command says so, or the station's settings do."""
    liked = about.station.settings.get("transfer") or "http"
    transport = arguments.pop("transport", None) or liked
    if transport == "ftp" and about.server.ftp is None:
        raise ApiProblem("no_files", "FTP is off; set VOLTYARD_FTP_LISTEN")
    return bool(transport == "ftp")


def _moved(arguments: dict[str, Any]) -> dict[str, Any]:
    arguments.pop("transport", None)
    location = arguments.pop("url")
    return {**arguments, "location": location}


def _later(arguments: Mapping[str, Any], now: datetime) -> timedelta:
    at = arguments.get("retrieve_at")
    return max(at - now, timedelta()) if isinstance(at, datetime) else timedelta()


_Fit = Callable[[dict[str, Any], Reads, StationConfig, datetime], Awaitable[dict[str, Any]]]


def _fitted(fit: _Fit) -> Callable[[dict[str, Any], For], Awaitable[Prepared]]:
    """A look at what the station holds and has told; it makes nothing."""

    async def prepare(arguments: dict[str, Any], about: For) -> Prepared:
        return Prepared(await fit(arguments, about.reads, about.station, about.now))

    return prepare


_PREPARE: Final[dict[str, Callable[[dict[str, Any], For], Awaitable[Prepared]]]] = {
    "report": _report,
    "update-firmware": _update,
    "publish-firmware": _publish,
    "get-log": _log,
    "clear-monitors": _clear,
    "adjust-stream": _adjust,
    "charging-profile": _fitted(charging_fit.fit),
    "limit": _fitted(charging_fit.limit_fit),
    "der-control": _fitted(grid_fit.der_fit),
    "battery-swap": _fitted(grid_fit.swap_fit),
    "data-transfer": _fitted(transfer_fit.fit),
}
