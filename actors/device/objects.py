"""What stations hold of their device model: the kinds of objects and what `data` of each has.

`report`, key: the request id. A report of variables, under way or over. `status`: requested, running, complete,
incomplete, refused. `data`: `kind` (full, configuration, summary, custom; null when we did not ask for it),
`components` and `criteria` of a custom one, `parts` (how many came), `variables` (attributes listed), `missing`
(numbers of parts, at most 100), `began_at`, `ended_at`, `reason` (of an incomplete one: silent, endless).
Other capabilities' reports that fall silent appear under ACTION/REQUEST.

`network_profile`, key: the configuration slot. `status`: accepted. `data`: the connection data as it was set, without
secrets (OCPP 2.0.1 Part 2, B09).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from actors.report.assembly import Assembly
from protocol.events.types import timestamp

REPORT: Final = "report"
NETWORK_PROFILE: Final = "network_profile"


def report_key(assembly: Assembly) -> str:
    return str(assembly.request_id) if assembly.action == "NotifyReport" else assembly.name


def report_data(
    assembly: Assembly, about: Mapping[str, Any], ended_at: datetime | None = None, reason: str | None = None
) -> dict[str, Any]:
    """`data` of a report as it stands."""
    data: dict[str, Any] = {
        **({"kind": None} | dict(about)),
        "parts": len(assembly.seen),
        "variables": assembly.items,
        "missing": assembly.missing,
        "began_at": timestamp(assembly.began_at),
        "ended_at": None if ended_at is None else timestamp(ended_at),
    }
    return data if reason is None else data | {"reason": reason}
