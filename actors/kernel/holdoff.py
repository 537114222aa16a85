"""How long a station that crashes us again and again has to stay away. Pure."""

from typing import Final

import attrs

_WINDOW: Final = 600.0  # seconds in which crashes count together
_FREE: Final = 2  # crashes that are forgiven
_FIRST: Final = 30.0
_LONGEST: Final = 3600.0


@attrs.frozen
class HoldOff:
    """`crashes` within the window; `until` on the same clock as `now`."""

    crashes: int = 0
    last: float = 0.0
    until: float = 0.0

    def waiting(self, now: float) -> float | None:
        """Seconds still to stay away, None when it may come."""
        return self.until - now if self.until > now else None


def crashed(before: HoldOff | None, now: float) -> HoldOff:
    """After one more crash: 30 s from the third in ten minutes on, doubling up to an hour."""
    recent = before is not None and now - max(before.last, before.until) < _WINDOW
    crashes = (before.crashes if before is not None and recent else 0) + 1
    if crashes <= _FREE:
        return HoldOff(crashes, now, 0.0)
    return HoldOff(crashes, now, now + min(_FIRST * 2 ** (crashes - _FREE - 1), _LONGEST))
