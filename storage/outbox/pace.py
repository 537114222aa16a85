"""How fast consumers go, and what they show of themselves."""

import attrs


@attrs.frozen
class Pace:
    """How fast and how often; all times in seconds."""

    batch: int = 200              # events read at once, and at most taken again after a crash
    poll: float = 1.5             # the net below the wake-ups
    spacing: float = 0.03         # least time between a wake-up and the reading: one read serves many commits
    looks: int = 4                # reads after a wake-up, since an older open transaction can hide what woke us
    sweep: float = 60.0           # how often all partitions are looked at
    handler_deadline: float = 60.0
    first_wait: float = 0.25      # after a failure; doubles each time
    longest_wait: float = 60.0
    tries: int = 8                # then an event is parked


@attrs.frozen
class ConsumerState:
    """For metrics and for the operator."""

    name: str
    durable: bool
    handled: int            # events its handler has taken
    failures: int           # times its handler or the store failed
    parked: int             # events given up after too many tries; each is logged
    waiting: bool           # between two tries
    pending: int            # events read and not yet handled
    last_error: str | None  # of the failure that it is waiting after
