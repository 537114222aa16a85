"""The first administrator's bearer token: given by a setting, or made at the first start and kept in data_dir."""

import os
import secrets
from pathlib import Path

import attrs

from gateway.settings import Settings

FILE = "admin_token"


@attrs.frozen
class AdminToken:
    """`made`: it was made just now, so it is shown once. `path`: where it is kept, None when a setting gave it."""

    value: str = attrs.field(repr=False)
    path: Path | None
    made: bool


def admin_token(settings: Settings) -> AdminToken:
    """The token. A file that is made is readable by its owner alone from the first byte on."""
    if settings.admin_token is not None:
        return AdminToken(settings.admin_token, None, made=False)
    path = settings.data_dir / FILE
    if path.exists() and (kept := path.read_text("ascii").strip()):
        return AdminToken(kept, path, made=False)
    value = secrets.token_urlsafe(32)
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(value + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    return AdminToken(value, path, made=True)
