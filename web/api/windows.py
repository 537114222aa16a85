"""Hours of the week as bodies have them. Tokens and campaigns write them differently; actors/windows.py reads both."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from actors.windows import EVERY_DAY
from web.api.fields import END

_CLOCK = f"^([01][0-9]|2[0-3]):[0-5][0-9]{END}"
_Begins = Annotated[str, Meta(pattern=_CLOCK, description="HH:MM")]
_Ends = Annotated[str, Meta(
    pattern=_CLOCK, description="HH:MM; before the beginning: on the next day; the same: a whole day")]  # fmt: skip
_Day = Annotated[int, Meta(ge=1, le=7, description="1 is Monday")]


class Window(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True, rename={"begins": "from", "ends": "to"}):
    """When a token may charge: every week on those days, by the clock on the wall of its `time_zone`."""

    days: Annotated[list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]], Meta(min_length=1, max_length=7)]
    begins: _Begins
    ends: _Ends


class Hours(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """When updates may begin: every week on those days, UTC."""

    begin: _Begins
    end: _Ends
    days: Annotated[list[_Day], Meta(min_length=1, max_length=7)] = msgspec.field(
        default_factory=lambda: list(EVERY_DAY)
    )
