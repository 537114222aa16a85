"""What a station knows of the grid: controls it was given, what it measures, which alarm is on."""

from datetime import datetime
from typing import Any

import attrs


@attrs.define(eq=False)
class Control:
    """One DER control. `active`: it is scheduled and has begun."""

    id: str
    kind: str
    is_default: bool
    control: dict[str, Any]
    start: datetime | None = None
    duration_s: float = 0.0
    superseded: bool = False
    active: bool = False

    @property
    def priority(self) -> int:
        """The lower value wins."""
        return int(self.control["priority"])


@attrs.define
class GridState:
    """`supported` None: all 22 types. `frequency` in Hz; `signal`: the aFRR signal that counts."""

    controls: dict[str, Control] = attrs.Factory(dict)
    supported: frozenset[str] | None = None
    frequency: float = 50.0
    signal: int = 0
    alarm: str | None = None
    allowed: dict[str, list[str]] = attrs.Factory(dict)
