"""SIGTERM and SIGINT: the first asks the node to stop in order, the second ends it at once."""

import os
import signal

import structlog
import trio

log = structlog.get_logger(__name__)
SIGNALS = (signal.SIGTERM, signal.SIGINT)


async def wait_for_signal(stop: trio.Event, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
    """Sets `stop` at the first signal. At the second the process ends: what was acknowledged is on disk anyway."""
    with trio.open_signal_receiver(*SIGNALS) as received:
        task_status.started()
        async for number in received:
            if stop.is_set():
                log.warning("ending_at_once", signal=signal.Signals(number).name)
                os._exit(128 + number)
            log.info("stopping", signal=signal.Signals(number).name, hint="once more ends at once")
            stop.set()
