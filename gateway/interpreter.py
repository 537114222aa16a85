"""Python's own settings for a node: the garbage collector, and how two threads share the interpreter."""

import gc
import sys
from typing import Final

_YOUNG: Final = 20_000  # allocations between two looks at young objects; the default of 700 costs 2 % of the frame path
_OLD: Final = 50
_SWITCH: Final = 0.0005  # s


def settle_interpreter() -> None:
    """Called when the start is done.

    What the start has made stays for ever and is not looked at again; what comes is looked at less often: frames and
    records hold no cycles (msgspec structs with gc=False), nearly all go by reference count. The database's thread
    waits at most half a millisecond for the interpreter instead of five, which every query pays several times under
    load.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, _OLD)
    sys.setswitchinterval(_SWITCH)
