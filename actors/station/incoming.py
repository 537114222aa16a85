"""Which capability hears what stations say beyond the neutral messages: the joined table of all of them.

An action that is in no table is one that only we may send: the station is told NotSupported.
"""

from typing import Final

from actors.certificates.incoming import INCOMING as CERTIFICATES
from actors.charging.incoming import INCOMING as CHARGING
from actors.contract.incoming import INCOMING as CONTRACT
from actors.depot.incoming import INCOMING as DEPOT
from actors.diagnostics.incoming import INCOMING as DIAGNOSTICS
from actors.display.incoming import INCOMING as DISPLAY
from actors.firmware.incoming import INCOMING as FIRMWARE
from actors.grid.incoming import INCOMING as GRID
from actors.monitoring.incoming import INCOMING as MONITORING
from actors.payment.incoming import INCOMING as PAYMENT
from actors.reservation.incoming import INCOMING as RESERVATION
from actors.security.incoming import INCOMING as SECURITY
from actors.station.heard import Handler, Incoming
from actors.station.reported import INCOMING as REPORTED
from actors.streams.incoming import INCOMING as STREAMS

_TABLES: Final[tuple[Incoming, ...]] = (
    STREAMS,
    MONITORING,
    DIAGNOSTICS,
    FIRMWARE,
    DISPLAY,
    PAYMENT,
    CHARGING,
    SECURITY,
    CONTRACT,
    CERTIFICATES,
    GRID,
    DEPOT,
    RESERVATION,
)  # a line for each capability


def _joined() -> dict[str, Handler]:
    """Every action has one owner; the plain table gives way to a capability."""
    joined: dict[str, Handler] = dict(REPORTED)
    owners: set[str] = set()
    for table in _TABLES:
        twice = owners & table.keys()
        if twice:
            raise TypeError(f"two capabilities hear {', '.join(sorted(twice))}")
        owners |= table.keys()
        joined.update(table)
    return joined


INCOMING: Final = _joined()
