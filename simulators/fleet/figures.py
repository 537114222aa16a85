"""Figures of a load run: round trips in a bounded histogram, and counters."""

import math
from collections import Counter
from typing import Any

import attrs

_LOWEST_S = 1e-6
_PER_E = 100.0
_BUCKETS = 1900


class RoundTrips:
    """Round-trip times from 1 µs to 3 minutes in buckets of one percent: exact enough, and always 15 kB."""

    def __init__(self) -> None:
        self._counts = [0] * _BUCKETS
        self.count = 0
        self.longest = 0.0
        self._sum = 0.0

    def add(self, seconds: float) -> None:
        """Take one in."""
        bucket = int(math.log(seconds / _LOWEST_S) * _PER_E) if seconds > _LOWEST_S else 0
        self._counts[min(bucket, _BUCKETS - 1)] += 1
        self.count += 1
        self._sum += seconds
        if seconds > self.longest:
            self.longest = seconds

    def percentile(self, share: float) -> float:
        """The time below which `share` (0 to 1) of all lie, in seconds; 0 when there are none."""
        wanted = share * self.count
        seen = 0
        for bucket, count in enumerate(self._counts):
            seen += count
            if seen >= wanted and count:
                return min(self.longest, _LOWEST_S * math.exp((bucket + 1) / _PER_E))
        return self.longest

    def as_dict(self) -> dict[str, float]:
        """Milliseconds, for reports."""
        mean = self._sum / self.count if self.count else 0.0
        return {"count": self.count, "mean_ms": round(mean * 1000, 3),
                **{f"p{p}_ms": round(self.percentile(p / 100) * 1000, 3) for p in (50, 95, 99)},
                "max_ms": round(self.longest * 1000, 3)}


@attrs.define
class Counts:
    """What has happened since the engine was made. `refusals` counts refused handshakes by HTTP status (0: no HTTP),
    `endings` how connections ended, `errors` CALLERRORs by code, `lost` calls that were out when a connection ended."""

    dials: int = 0
    connects: int = 0
    boots: int = 0
    reconnects: int = 0
    sent: int = 0
    answered: int = 0
    calls_answered: int = 0
    lost: int = 0
    stray: int = 0
    refusals: Counter[int] = attrs.Factory(Counter)
    endings: Counter[str] = attrs.Factory(Counter)
    errors: Counter[str] = attrs.Factory(Counter)

    def as_dict(self) -> dict[str, Any]:
        """For reports."""
        plain = attrs.asdict(self, recurse=False)
        return plain | {"refusals": {str(k): v for k, v in self.refusals.items()}, "endings": dict(self.endings),
                        "errors": dict(self.errors)}


@attrs.frozen
class StormResult:
    """A connect storm. `seconds` until every station was booted and answered; `complete` says whether all were."""

    stations: int
    booted: int
    refused_for_good: int
    seconds: float
    complete: bool
    dials: int
    refusals: dict[int, int]
    boot_seconds: RoundTrips


@attrs.frozen
class LoadResult:
    """A closed-loop or paced phase. `round_trips` of its MeterValues; `skipped`: due but no station was free."""

    seconds: float
    sent: int
    answered: int
    errors: int
    lost: int
    skipped: int
    per_second: float
    round_trips: RoundTrips
    own_cpu_seconds: float
