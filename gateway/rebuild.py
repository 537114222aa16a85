"""`voltyard rebuild sessions`: against the database of this node, whether the node runs or not."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from gateway.database import open_database
from gateway.settings import Settings
from storage.bridge import open_bridge
from storage.embedded.place import DATABASE, kept_port, url
from storage.errors import DataDirInUse
from storage.rebuild import rebuild_sessions as derive_again


async def rebuild_sessions(settings: Settings, report: Callable[[str], None]) -> str:
    """Derives every session again that is not sealed; returns a sentence with the counts. Raises StoreError."""
    async with (
        _node_url(settings, report) as address,
        open_bridge() as bridge,
        bridge.pool(address, size=2, name="voltyard rebuild") as pool,
    ):
        counts = await derive_again(pool)
    busy = f", {counts.busy} changed meanwhile: run it again for those" if counts.busy else ""
    return f"{counts.same} sessions as they should be, {counts.changed} corrected, {counts.sealed} sealed{busy}"


@asynccontextmanager
async def _node_url(settings: Settings, report: Callable[[str], None]) -> AsyncIterator[str]:
    """The node role's address: of the database we open, or of the one that a running node has open."""
    async with AsyncExitStack() as stack:
        try:
            address = (await stack.enter_async_context(open_database(settings, report))).node
        except DataDirInUse:
            port = kept_port(settings.data_dir)
            if port is None:
                raise
            address = url(settings.data_dir, port, "node", DATABASE)
        yield address
