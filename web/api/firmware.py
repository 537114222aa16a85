"""/firmware: images, uploaded by the operator, for stations to fetch."""

from typing import Annotated, Any
from uuid import UUID

import attrs
import uuid_utils.compat as uuids
from msgspec import Meta, Struct, to_builtins

from storage.files import shown_name
from storage.files_room import NoRoom
from storage.pool import Connection
from storage.web import firmware as rows
from storage.web.firmware import FirmwareFilter, FirmwareRow, NewFirmware
from web.api.call import Answer, Call
from web.api.fields import END, Label
from web.api.listing import listed
from web.api.once import in_one_transaction
from web.api.route import NoQuery, Route
from web.api.views import ListOf
from web.files.server import Files, Made, Wanted, make_address
from web.instants import Instant, instant
from web.paging import Page
from web.problems import ApiProblem

Version = Annotated[str, Meta(min_length=1, max_length=50, description="As a station reports it once it runs this")]
Sha256 = Annotated[str, Meta(pattern=f"^[0-9a-fA-F]{{64}}{END}")]


class FirmwareQuery(Page, kw_only=True, frozen=True):
    """Filters."""

    vendor: Label | None = None
    model: Label | None = None
    version: Label | None = None
    status: Label | None = None


class FirmwareCreate(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What is known of an image. `signature` (base64) and `signing_certificate` (PEM) as its maker gave them.

    With `sha256`, only bytes of that digest are taken.
    """

    version: Version
    name: Label | None = None
    vendor: Label | None = None
    model: Label | None = None
    sha256: Sha256 | None = None
    signature: Annotated[str, Meta(min_length=1, max_length=800)] | None = None
    signing_certificate: Annotated[str, Meta(min_length=1, max_length=5500)] | None = None


class Upload(Struct, frozen=True, kw_only=True):
    """Where to bring the bytes: PUT them (`curl -T image.bin URL`), in parts with Content-Range if need be."""

    url: str
    expires_at: Instant
    most_bytes: int


class FirmwareView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An image. `status`: awaiting (its bytes) or ready. `md5` is what OCPP calls its checksum."""

    id: str
    name: str
    version: str
    vendor: str | None
    model: str | None
    status: str
    size: int | None
    sha256: str | None
    md5: str | None
    signed: bool
    created_at: Instant
    updated_at: Instant
    upload: Upload | None = None


async def list_firmware(call: Call[FirmwareQuery, None]) -> Answer:
    query = call.query
    wanted = FirmwareFilter(query.vendor, query.model, query.version, query.status)
    return await listed(
        call, "firmware", lambda connection, span: rows.list_firmware(connection, *span, wanted), firmware_view
    )


async def create_firmware(call: Call[NoQuery, FirmwareCreate]) -> Answer:
    files = files_of(call)
    body = call.body
    if (body.signature is None) != (body.signing_certificate is None):
        raise ApiProblem(
            "invalid_body", "a signature needs its certificate, and the other way round",
            errors=[("/signature", "give `signature` and `signing_certificate` together, or neither")],
        )

    await _room(call, files)

    async def make(connection: Connection) -> Answer:
        row, made = await new_firmware(connection, call, files, body)
        return Answer(firmware_view(row, _upload(files, made)), 201, {"Location": f"/api/v1/firmware/{row.id}"})

    async def again(connection: Connection, earlier: Answer) -> Answer:
        """The address is not kept, for it is a key: an image that still waits gets another, and the first one ends."""
        row = await rows.get_firmware(connection, UUID(earlier.body["id"]))
        if row is None or row.status != "awaiting":
            return earlier
        await rows.end_addresses(connection, row.id, call.now)
        made = await _address(connection, call, files, row.id, body)
        return attrs.evolve(earlier, body=earlier.body | {"upload": to_builtins(_upload(files, made))})

    return await in_one_transaction(call, make, again)


async def _room(call: Call[Any, Any], files: Files) -> None:
    """Raises ApiProblem when nothing would be taken anyway."""
    try:
        await files.disk(lambda: files.store.admit(call.tenant.id, "firmware", 1))
    except NoRoom as error:
        raise ApiProblem(error.code, str(error)) from None


async def new_firmware(
    connection: Connection, call: Call[Any, Any], files: Files, body: FirmwareCreate
) -> tuple[FirmwareRow, Made]:
    """The image's row, and the address its bytes are to be brought to."""
    new = NewFirmware(
        call.tenant.id, uuids.uuid7(), shown_name(body.name) or f"firmware-{shown_name(body.version)}.bin",
        body.version, body.vendor, body.model, body.signature, body.signing_certificate, call.principal.name, call.now,
    )  # fmt: skip
    await rows.insert_firmware(connection, new)
    made = await _address(connection, call, files, new.id, body)
    row = await rows.get_firmware(connection, new.id)
    assert row is not None  # made just now, in this transaction
    return row, made


async def _address(
    connection: Connection, call: Call[Any, Any], files: Files, image: UUID, body: FirmwareCreate
) -> Made:
    details = {"sha256": body.sha256} if body.sha256 else {}
    return await make_address(connection, files, Wanted(
        call.tenant.id, "image", call.now, call.principal.name, firmware_id=image, details=details,
    ))  # fmt: skip


def _upload(files: Files, made: Made) -> Upload:
    return Upload(url=made.location, expires_at=instant(made.expires_at), most_bytes=files.rules.most_firmware)


async def get_firmware(call: Call[NoQuery, None]) -> Answer:
    return Answer(firmware_view(await _found(call)))


async def delete_firmware(call: Call[NoQuery, None]) -> Answer:
    """The bytes go too; addresses that were made for it end."""
    row = await _found(call)
    if not await call.database(lambda connection: rows.delete_firmware(connection, row.id, call.now)):
        raise ApiProblem("firmware_in_use", "a campaign that has not ended needs this image; cancel it first")
    files = files_of(call)
    await files.disk(lambda: files.store.remove(call.tenant.id, "firmware", row.id))
    return Answer(status=204)


async def _found(call: Call[Any, Any]) -> FirmwareRow:
    missing = ApiProblem("unknown_firmware", f"no firmware image has the id {call.path['id'][:64]!r}")
    firmware_id = call.id_in_path("id", missing)
    row = await call.database(lambda connection: rows.get_firmware(connection, firmware_id))
    if row is None:
        raise missing
    return row


def files_of(call: Call[Any, Any]) -> Files:
    """The file server; raises ApiProblem `no_files`."""
    if call.context.files is None:
        raise ApiProblem("no_files", "this node serves no files")
    return call.context.files


def firmware_view(row: FirmwareRow, upload: Upload | None = None) -> FirmwareView:
    return FirmwareView(
        id=str(row.id), name=row.name, version=row.version, vendor=row.vendor, model=row.model, status=row.status,
        size=row.size, sha256=row.sha256, md5=row.md5, signed=row.signature is not None,
        created_at=instant(row.created_at), updated_at=instant(row.updated_at), upload=upload,
    )


_UNKNOWN = ("unknown_firmware",)
ROUTES = [
    Route("GET", "/firmware", list_firmware, "List firmware images", {200: ListOf[FirmwareView]}, query=FirmwareQuery),
    Route("POST", "/firmware", create_firmware, "Announce a firmware image; its bytes follow", {201: FirmwareView},
          body=FirmwareCreate, creates=True, problems=("no_files", "no_room", "over_quota"),
          example={"version": "4.2.0", "vendor": "Example", "model": "Twin 22"},
          description="The answer has a one-time `upload` address for the bytes (PUT, or POST as a form). A body that "
                      "is no JSON is the image itself, as it is or as a form's file; what is known of it then stands "
                      "in the query: `?version=4.2.0&vendor=…`."),
    Route("GET", "/firmware/{id}", get_firmware, "Read what is known of a firmware image", {200: FirmwareView},
          problems=_UNKNOWN),
    Route("DELETE", "/firmware/{id}", delete_firmware, "Delete a firmware image", {204: None},
          problems=(*_UNKNOWN, "firmware_in_use", "no_files")),
]
