"""What the benchmark ran on, and whether it had the machine to itself."""

import importlib.metadata
import os
import platform
from pathlib import Path
from typing import Any

_PACKAGES = ("trio", "wsproto", "orjson", "msgspec", "asyncpg", "ocpp", "websockets", "uvloop")
BUSY_LOAD = 0.5
BUSY_SHARE = 0.05


def describe() -> dict[str, Any]:
    """For the stored result."""
    return {
        "processor": _processor(), "cores": len(os.sched_getaffinity(0)), "system": platform.platform(),
        "python": platform.python_version(), "load_average": os.getloadavg(),
        "packages": {name: importlib.metadata.version(name) for name in _PACKAGES}}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def warnings(before: float, cores: int, foreign_share: float) -> list[str]:
    """Sentences for the reader. `before`: the load average at the start; `foreign_share`: the most that processes of
    others took of the cores during a measurement."""
    found = []
    if cores < 2:
        found.append("only one core: subject, load and database share it, so shares and times say little")
    if before > BUSY_LOAD:
        found.append(f"the load average was {before:.1f} at the start: others were at work, figures may be too low")
    if foreign_share > BUSY_SHARE:
        found.append(f"others took up to {foreign_share:.0%} of the cores during a measurement: "
                     "ratios hold better than rates")
    return found
