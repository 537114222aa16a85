"""The limit of open files: every station is one."""

import resource

import structlog

log = structlog.get_logger(__name__)


def raise_file_limit(wanted: int) -> int:
    """Raises the soft limit as far as the hard one and `wanted` allow; returns what it is then. Never lowers it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    target = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and target > soft:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (target, hard))
        except (OSError, ValueError) as error:  # a container may forbid what the limits themselves allow
            log.warning("the limit of open files cannot be raised", limit=soft, wanted=wanted, error=str(error))
            return soft
        soft = target
    return wanted if soft == resource.RLIM_INFINITY else soft


def room_for_connections(limit: int, wanted: int, reserve: int = 256) -> int:
    """How many stations fit: what is left of `limit` files after a reserve for the store, the API and logs."""
    return max(1, min(wanted, limit - min(reserve, limit // 2)))
