"""Requests whose answer needs somebody outside: a contract pool, an OCSP responder, a tax office. Pure: one table.

A capability says in its `consulting.py` which of its messages need that: `CONSULTED: Consulted = {"Authorize": …}`. The
actor asks `ports.Services` in a task of its own, so that nothing else of the station waits, and then decides with
`answers.outside`: what the service gave, or None when it gave
nothing in time.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from actors.charging.consulting import CONSULTED as CHARGING
from actors.contract.consulting import CONSULTED as CONTRACT
from actors.datatransfer.consulting import CONSULTED as DATA_TRANSFER
from actors.grid.consulting import CONSULTED as GRID
from actors.payment.consulting import CONSULTED as PAYMENT
from actors.ports import Consultation
from actors.station.state import StationState
from actors.station.who import Station
from protocol.ocpp import neutral

SECONDS: Final = 25.0  # stations give up on a call after 30 s or later
AT_ONCE: Final = 4  # of one station; it should have one call in flight

Ask = Callable[[Station, StationState, Any], Consultation | None]
Consulted = Mapping[str, Ask]

_TABLES: Final[tuple[Consulted, ...]] = (
    PAYMENT,
    CHARGING,
    CONTRACT,
    DATA_TRANSFER,
    GRID,
)  # a line for each capability
_ASK: Final[dict[str, Ask]] = {action: ask for table in _TABLES for action, ask in table.items()}
_NEUTRAL: Final[dict[type, str]] = {neutral.AuthorizeAsked: "Authorize", neutral.DataTransferred: "DataTransfer"}


def consultation(station: Station, state: StationState, message: neutral.Message) -> Consultation | None:
    """What to ask outside before this message is decided; None for nearly all."""
    action = message.action if type(message) is neutral.Notified else _NEUTRAL.get(type(message))
    if action is None:
        return None
    ask = _ASK.get(action)
    return None if ask is None else ask(station, state, message)
