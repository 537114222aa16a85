"""`X-Request-ID`: taken when it is harmless in logs and events, else made."""

import re

import uuid_utils.compat as uuids

HEADER = "X-Request-ID"
_HARMLESS = re.compile(r"[A-Za-z0-9._~:/+=@-]{1,128}")


def request_id(given: str | None) -> str:
    """The caller's own id if it is 1 to 128 plain characters, else a new UUIDv7."""
    if given is not None and _HARMLESS.fullmatch(given):
        return given
    return str(uuids.uuid7())
