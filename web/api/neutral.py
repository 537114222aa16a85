"""The version-neutral commands of all capabilities, with their bodies (`web/api/bodies`), joined.

What each becomes in an OCPP version, the station's actor decides (`actors/station/phrases.py`).
"""

from typing import Any, Final

from web.api.bodies import (
    certificates,
    charging,
    control,
    datatransfer,
    depot,
    device,
    display,
    grid,
    maintenance,
    monitoring,
    station,
)
from web.api.bodies.base import Commands, Examples
from web.api.bodies.station import RotatePassword
from web.validation import NotValid, to_struct

_TABLES: Final[tuple[tuple[Commands, Examples], ...]] = (
    (station.COMMANDS, station.EXAMPLES),
    (control.COMMANDS, control.EXAMPLES),
    (certificates.COMMANDS, certificates.EXAMPLES),
    (maintenance.COMMANDS, maintenance.EXAMPLES),
    (monitoring.COMMANDS, monitoring.EXAMPLES),
    (device.COMMANDS, device.EXAMPLES),
    (display.COMMANDS, display.EXAMPLES),
    (charging.COMMANDS, charging.EXAMPLES),
    (grid.COMMANDS, grid.EXAMPLES),
    (depot.COMMANDS, depot.EXAMPLES),
    (datatransfer.COMMANDS, datatransfer.EXAMPLES),
)

COMMANDS: Final[Commands] = {name: body for commands, _ in _TABLES for name, body in commands.items()}
EXAMPLES: Final[Examples] = {name: body for _, examples in _TABLES for name, body in examples.items()}



def arguments_of(name: str, body: Any) -> dict[str, Any]:
    """The arguments of that command from its body as it was sent to us. Raises NotValid."""
    kind = COMMANDS.get(name)
    if kind is None:
        raise NotValid([("", f"there is no command {name!r} any more")])
    return to_struct(body, kind).arguments()


__all__ = ["COMMANDS", "EXAMPLES", "RotatePassword", "arguments_of"]
