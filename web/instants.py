"""How values leave the API: times in UTC with `Z` and milliseconds, energy in whole Wh."""

from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Annotated, overload

from msgspec import Meta

# A time as the API writes it; a str, since msgspec itself would write microseconds.
Instant = Annotated[str, Meta(extra_json_schema={"format": "date-time", "examples": ["2026-01-31T08:15:30.250Z"]})]


@overload
def instant(moment: datetime) -> str: ...
@overload
def instant(moment: None) -> None: ...
@overload
def instant(moment: datetime | None) -> str | None: ...


def instant(moment: datetime | None) -> str | None:
    """`2026-01-31T08:15:30.250Z`; None stays None."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def watt_hours(milli: int | None) -> int | None:
    """Thousandths of a Wh to whole Wh, half to even: the one place where energy is rounded."""
    if milli is None:
        return None
    return int((Decimal(milli) / 1000).to_integral_value(ROUND_HALF_EVEN))
