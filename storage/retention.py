"""Rows that are deleted when their time is over: what grows, and is not cut into days.

In small steps, so that no deletion holds up those who write; what is left goes with the next round.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import attrs

from storage.pool import Pool
from storage.sql import sql

STEP: Final = 5000  # rows of one statement
MOST_STEPS: Final = 40  # of one round and one table


@attrs.frozen
class Kept:
    """How long each is kept. `reports`: what stations report, what monitors tell, uploaded logs' entries; `jobs`: what
    has ended, and addresses of files; `customers`: what a station told about a customer; `certificates`: those
    that are done with, from their end on; `history`: reservations, plans, stations of campaigns, what stations held,
    and numbers told to others, from the end of each on."""

    reports: timedelta = timedelta(days=365)
    streams: timedelta = timedelta(days=90)
    jobs: timedelta = timedelta(days=30)
    customers: timedelta = timedelta(days=30)
    certificates: timedelta = timedelta(days=730)
    history: timedelta = timedelta(days=365)

    def cuts(self) -> Iterator[tuple[str, timedelta]]:
        """(what, how long)."""
        yield "station_reports", self.reports
        yield "monitor_events", self.reports
        yield "logs", self.reports
        yield "stream_values", self.streams
        yield "jobs", self.jobs
        yield "addresses", self.jobs
        yield "customer_reports", self.customers
        yield "refused_certificates", self.jobs
        yield "revoked_certificates", self.certificates  # before the certificates, which say when they end
        yield "certificates", self.certificates
        yield "reservations", self.history
        yield "availability_plans", self.history
        yield "campaign_stations", self.history
        yield "forward_transactions", self.history
        yield "station_objects", self.history
        yield "objects_of_deleted", self.history


DEFAULT: Final = Kept()


async def forget(
    pool: Pool, now: datetime, kept: Kept, *, step: int = STEP, most_steps: int = MOST_STEPS
) -> dict[str, int]:
    """One round: how many rows of each went; what had none is not named."""
    gone: dict[str, int] = {}
    for what, time in kept.cuts():
        for _ in range(most_steps):
            said = await pool.execute(sql(f"retention_{what}"), now - time, step)
            count = int(said.split(" ")[-1])
            if count:
                gone[what] = gone.get(what, 0) + count
            if count < step:
                break
    return gone
