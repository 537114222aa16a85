"""The services of plug and charge and of vendors' messages, by kind."""

from collections.abc import Callable
from datetime import UTC, datetime

from actors.contract.consulting import CONTRACT, POOL, STATUS
from actors.datatransfer.consulting import RULE
from gateway.services.contract_check import ContractCheck
from gateway.services.contract_pool import ContractPool
from gateway.services.contract_roots import ContractRoots
from gateway.services.crl import RevocationLists
from gateway.services.datatransfer import DataTransfers
from gateway.services.http import OutsideHttp
from gateway.services.ocsp import Responders
from gateway.services.outside import Service
from gateway.settings import Settings
from storage.pool import Pool


def _utc_now() -> datetime:
    return datetime.now(UTC)


def contract_services(
    settings: Settings, http: OutsideHttp, web: Pool, now: Callable[[], datetime] = _utc_now
) -> dict[str, Service]:
    """Their lines of the table of services."""
    check = ContractCheck(
        ContractRoots(web), Responders(http, settings.revocation_deadline, now),
        RevocationLists(http, settings.revocation_deadline, now), now,
    )  # fmt: skip
    pool = ContractPool(
        http, settings.contract_pool_url, settings.contract_pool_token, settings.contract_pool_deadline, now
    )
    return {
        STATUS: check.statuses,
        CONTRACT: check.contract,
        POOL: pool.get,
        RULE: DataTransfers(http, web).rule,
    }
