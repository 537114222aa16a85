"""Run by tests in a process of its own: own a data directory's server until killed. Prints `ready PORT PID`."""

from __future__ import annotations

import sys
from pathlib import Path

import trio

from storage.embedded import embedded_postgres


async def main(data_dir: Path) -> None:
    def report(line: str) -> None:
        print("report", line, flush=True)

    async with embedded_postgres(data_dir, report) as cluster:
        print("ready", cluster.port, cluster.pid, flush=True)
        await trio.sleep_forever()


if __name__ == "__main__":
    trio.run(main, Path(sys.argv[1]))
