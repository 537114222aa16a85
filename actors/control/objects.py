"""What station_objects of kind `availability` hold: what an operator wants of a place, and what the station says.

`key`: `station`, an EVSE (`1`) or a connector (`1/2`). `status`: wanted (asked again and again until it is so),
scheduled (the station waits for a session to end), in_effect, or refused. `data`: the rest, as below.
"""

from typing import Any, Final

import attrs

KIND: Final = "availability"


@attrs.frozen
class Availability:
    """`evse` 0: the whole station. `answer` is the station's word; `tries`: how often it was asked."""

    evse: int
    connector: int | None
    operative: bool
    answer: str | None = None
    tries: int = 1

    @property
    def key(self) -> str:
        if not self.evse:
            return "station"
        return str(self.evse) if self.connector is None else f"{self.evse}/{self.connector}"

    def data(self) -> dict[str, Any]:
        return attrs.asdict(self)


def read(data: dict[str, Any]) -> Availability:
    """From the data of the object."""
    return Availability(
        data["evse"], data.get("connector"), data["operative"], data.get("answer"), data.get("tries", 1)
    )


def holds(wanted: Availability, connectors: list[tuple[int, int, str]]) -> bool | None:
    """Whether the connectors (evse, connector, status) of that place are so; None when nothing of them is known.

    1.6 tells the station as a whole as EVSE 0. A fault hides whether it is in service.
    """
    there = [
        status for evse, connector, status in connectors
        if (evse == wanted.evse or not wanted.evse) and wanted.connector in (None, connector)
        and status != "Faulted" and (evse or not wanted.evse)
    ]  # fmt: skip
    if not there:
        return None
    if wanted.operative:
        return all(status != "Unavailable" for status in there)
    return all(status == "Unavailable" for status in there)
