"""/files: how much room a tenant's files fill, and may."""

from msgspec import Struct

from web.api.call import Answer, Call
from web.api.firmware import files_of
from web.api.route import NoQuery, Route


class FilesView(Struct, frozen=True, kw_only=True):
    """Bytes. `used`: images and logs, and what has not come whole; `quota`: what that may be, null for any.

    `most_firmware`, `most_log`: of one file.
    """

    used: int
    quota: int | None
    most_firmware: int
    most_log: int


async def get_files(call: Call[NoQuery, None]) -> Answer:
    files = files_of(call)
    room = files.store.room
    used = await files.disk(lambda: room.held(call.tenant.id))
    rules = files.rules
    return Answer(
        FilesView(used=used, quota=room.quota, most_firmware=rules.most_firmware, most_log=rules.most_log)
    )


ROUTES = [
    Route("GET", "/files", get_files, "Read how much room images and logs fill", {200: FilesView},
          problems=("no_files",)),
]
