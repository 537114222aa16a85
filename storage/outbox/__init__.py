"""From the outbox to whoever wants to know: the bus, its consumers, their positions.

Events are rows of the table `events`, written in the transaction of what they tell of. `reader.py` reads them in an
order that skips nothing, `consumer.py` hands them to one handler until it has taken them, `dispatcher.py` runs all
consumers of a bus. At least once: a handler recognises an event by its id.
"""

from storage.outbox.bus import Bus, Handler, Start, TryLater
from storage.outbox.dispatcher import Dispatcher, outbox_dispatcher
from storage.outbox.pace import ConsumerState, Pace

__all__ = ["Bus", "ConsumerState", "Dispatcher", "Handler", "Pace", "Start", "TryLater", "outbox_dispatcher"]
