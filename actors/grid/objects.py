"""What stations hold of grid controls, as kinds of station_objects. Pure.

| Kind | Key | `data` |
|---|---|---|
| `der_control` | control id | `id`, `type`, `default`, `priority`, `start`, `duration_s`, `superseded`, `control` |
| | | (as OCPP writes it), `set_by`; status `installed`, `superseded`, `active`, `ended` |
| `der_alarm` | control type | `type`, `fault`, `at`, `extra`; status `active`; gone when it has ended |
| `der_state` | control id | `id`, `started`, `at`, `superseded` (ids); status `started` or `ended` |
| `afrr_signal` | `last` | `signal`, `at`: the newest value that the station took |
| `allowed_energy_transfer` | transaction id | `transaction_id`, `allowed` |
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from protocol.events.types import timestamp

CONTROL: Final = "der_control"
ALARM: Final = "der_alarm"
STATE: Final = "der_state"
AFRR: Final = "afrr_signal"
TRANSFER: Final = "allowed_energy_transfer"


def control_data(
    control_id: str, kind: str, is_default: bool, control: Mapping[str, Any], *, superseded: bool = False,
    set_by: str | None = None, at: datetime | None = None,
) -> dict[str, Any]:  # fmt: skip
    """`data` of a DER control."""
    data: dict[str, Any] = {
        "id": control_id,
        "type": kind,
        "default": is_default,
        "priority": control.get("priority"),
        "start": control.get("startTime"),
        "duration_s": control.get("duration"),
        "superseded": superseded,
        "control": dict(control),
    }
    if set_by is not None:
        data["set_by"] = set_by
    if at is not None:
        data["accepted_at"] = timestamp(at)
    return data
