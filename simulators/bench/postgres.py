"""A process that runs the embedded PostgreSQL on the cores it was started on, until SIGTERM.

Durable as in production: the server's own settings are left as they are (fsync and synchronous_commit on).
"""

import sys
from pathlib import Path

import trio

from simulators.bench.child import say
from storage.embedded import embedded_postgres


async def serve(data_dir: Path) -> None:
    """Says `{"admin": url, "pid": postmaster}` when the server is ready."""
    async with embedded_postgres(data_dir, lambda line: print(line, file=sys.stderr, flush=True)) as cluster:
        say({"admin": cluster.url("admin"), "pid": cluster.pid})
        with trio.open_signal_receiver(15) as signals:
            async for _ in signals:
                return


if __name__ == "__main__":
    trio.run(serve, Path(sys.argv[1]))
