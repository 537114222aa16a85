"""What becomes of a vendor's message: the tenant's rule for it, and the webhook that a rule may name.

The webhook gets {"station", "version", "vendor", "message", "data"} and answers {"status", "data"?} with a status of
DataTransferStatusEnumType. Whatever else it does, the station is told Rejected, and why (OCPP 2.x: statusInfo).
"""

from typing import Any, Final
from uuid import UUID

import attrs
import msgspec
import structlog

from actors.datatransfer.objects import Ruled, Status, TransferAsked
from actors.datatransfer.rules import ruled
from gateway.services.http import OutsideFailed, OutsideHttp
from protocol.redact import redact_text
from storage.pool import Connection, Pool
from storage.web.datatransfer import RuleRow, find_rule

log = structlog.get_logger("services")
LONGEST_DEADLINE: Final = 20.0  # stations give up after 30 s or later
_DEADLINE: Final = 10.0
_LONGEST: Final = 256 * 1024  # bytes of an answer


class Answer(msgspec.Struct):
    """What a webhook says."""

    status: Status
    data: Any = None


@attrs.frozen
class DataTransfers:
    """`web` is voltyard_web's pool: a tenant sees its own rules."""

    http: OutsideHttp
    web: Pool

    async def rule(self, tenant_id: UUID, station_id: UUID, asked: TransferAsked) -> Ruled:
        """The answer to the station."""
        if "\x00" in asked.vendor + (asked.message or ""):
            return Ruled("UnknownVendorId")

        async def find(connection: Connection) -> RuleRow | None:
            return await find_rule(connection, "in", asked.vendor, asked.message)

        row = await self.web.run_as_tenant(tenant_id, find)
        if row is None:
            return Ruled("UnknownVendorId")
        if row.answer == "forward" and row.message_id in (None, asked.message):
            return await self._forward(tenant_id, station_id, row, asked)
        return ruled(row.answer if row.answer != "forward" else "reject", row.data, about=row.message_id,
                     message=asked.message)  # fmt: skip

    async def _forward(self, tenant_id: UUID, station_id: UUID, row: RuleRow, asked: TransferAsked) -> Ruled:
        deadline = min(row.deadline_s or _DEADLINE, LONGEST_DEADLINE)
        body = msgspec.json.encode(attrs.asdict(asked, recurse=False))
        try:
            answer = await self.http.fetch(
                "POST", row.url or "", tenant=tenant_id, content=body, deadline=deadline,
                headers={"Content-Type": "application/json", "Accept": "application/json"}, limit=_LONGEST,
            )  # fmt: skip
            if answer.status != 200:
                raise OutsideFailed("WebhookStatus", f"the webhook answered HTTP {answer.status}")
            told = msgspec.json.decode(answer.body, type=Answer)
        except OutsideFailed as error:
            return _failed(station_id, error.reason, error.text)
        except msgspec.DecodeError as error:
            return _failed(station_id, "WebhookAnswer", redact_text(f"the webhook's answer cannot be used: {error}"))
        return Ruled(told.status, told.data)


def _failed(station_id: UUID, reason: str, text: str) -> Ruled:
    log.warning("data_transfer_webhook_failed", station_id=str(station_id), reason=reason, error=text[:300])
    return Ruled("Rejected", None, reason, text[:300])
