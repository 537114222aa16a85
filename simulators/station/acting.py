"""What a capability of the simulated station offers to scripts: `ACTS: Acts = {"sign-certificate": act, …}`.

`act(station, words, now)` does it at once, or raises charging.NotPossible with what is wrong and what is allowed.
`simulators/station/acts.py` joins those tables.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulators.station.station import Station

Act = Callable[["Station", Sequence[str], datetime], None]
Acts = Mapping[str, Act]
