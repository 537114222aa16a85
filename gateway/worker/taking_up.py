"""Boot policies and model profiles that changed: stations in memory load their settings again, a batch at a time."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from gateway.worker.outcome import Again, Done, Handler, Handlers, Keep, Outcome, Tools
from storage.jobs import Job, look_again
from storage.pool import Connection
from storage.web.provisioning import TAKE_UP, stations_affected

_AT_ONCE: Final = 200
_TAKEN: Final = timedelta(seconds=2)  # by then an actor has taken up what changed


async def take_up(tools: Tools, job: Job, keep: Keep) -> Outcome:
    """`state`: `site` or none for all, `after` the last station done, `told` how many so far. Twice does no harm."""
    site, after = job.state.get("site"), job.state.get("after")
    beyond = None if after is None else UUID(after)
    batch = await tools.database(job.tenant_id, lambda c: stations_affected(c, site, beyond, _AT_ONCE))
    live = [station_id for station_id in batch if tools.stations.live(station_id) is not None]
    for station_id in live:
        await tools.stations.reconfigured(station_id)

    async def wake(connection: Connection) -> None:
        """What waits for acceptance: before a first boot, the admission that counts may be another now."""
        for station_id in live:
            await look_again(connection, station_id, tools.clock.now() + _TAKEN, "accepted")

    await tools.database(job.tenant_id, wake)
    told = job.state.get("told", 0) + len(live)
    if len(batch) < _AT_ONCE:
        return Done({"told": told})
    return Again({"site": site, "after": str(batch[-1]), "told": told})


HANDLERS: Final[Handlers] = {TAKE_UP: Handler(take_up, deadline=300.0)}
