"""Python's garbage collector, set for a process that holds tens of thousands of long-lived objects."""

import gc
from typing import Final

_YOUNG: Final = 20_000  # allocations between two looks at young objects; the default of 700 costs 2 % of the frame path
_OLD: Final = 50


def calm_collector() -> None:
    """What the start has made stays for ever and is not looked at again; what comes is looked at less often.

    Frames and records hold no cycles (msgspec structs with gc=False): nearly all of them go by reference count.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, _OLD)
