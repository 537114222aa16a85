"""Tariffs that stations calculate with themselves, as `station_objects` (OCPP 2.1 Part 2, I07 to I11). Pure.

Kind `tariff`, key `{tariff id}@{EVSE}` (0: all EVSEs): `data` is `Assignment`. Kind `tariff_content`, key the tariff's
id: `data` is the tariff as it was sent (TariffType), since a station lists ids alone and an id never changes its
content (I08.FR.08).
"""

from typing import Any, Final

import msgspec

KIND: Final = "tariff"
CONTENT: Final = "tariff_content"


class Assignment(msgspec.Struct, frozen=True, omit_defaults=True):
    """`kind`: DefaultTariff or DriverTariff; `tokens`: whom a driver's tariff is for."""

    tariff_id: str
    evse: int
    kind: str = "DefaultTariff"
    valid_from: str | None = None
    tokens: list[str] | None = None


def key(tariff_id: str, evse: int) -> str:
    return f"{tariff_id}@{evse}"


def to_data(assignment: Assignment) -> dict[str, Any]:
    """The `data` of the object; `kind` is always there."""
    data: dict[str, Any] = msgspec.to_builtins(assignment)
    return {"kind": assignment.kind} | data
