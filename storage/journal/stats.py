"""Counters of the journal, read by whoever serves metrics. Plain numbers, so that counting costs nothing."""

import attrs


@attrs.define
class JournalStats:
    """Totals since the start, except those named as of now."""

    units: int = 0              # committed
    batches: int = 0            # committed
    rows: int = 0               # sent in committed batches, after coalescing
    seconds: float = 0.0        # spent from handing a batch over to its commit being known
    attempts_failed: int = 0
    doubts: int = 0             # batches whose commit had to be looked up
    quarantined: int = 0
    expired: int = 0            # units whose caller was told StoreUnavailable
    queued: int = 0             # as of now: accepted, not yet on their way
    queued_bytes: int = 0       # as of now
    held: int = 0               # as of now: waiting for a table that refuses
    largest_batch: int = 0
