"""What stations show to pay on the web: the address's template and the sealed secret of its one-time codes."""

from datetime import datetime
from uuid import UUID

import attrs

from storage.pool import Connection
from storage.web.statements import all_made, made, statement, values


@attrs.frozen
class WebPaymentRow:
    """`evse` 0: the station's. The secret that it took, and the one that it may have taken; both sealed by `id`."""

    tenant_id: UUID
    id: UUID
    station_id: UUID
    evse: int
    url_template: str
    roaming_evse_id: str | None
    payment_page: str | None
    validity_s: int
    length: int
    secret_sealed: bytes | None = attrs.field(repr=False)
    pending_sealed: bytes | None = attrs.field(repr=False)
    updated_at: datetime
    revision: int
    station: str


@attrs.frozen
class NewWebPayment:
    """The row to insert, in the statement's order."""

    tenant_id: UUID
    id: UUID
    station_id: UUID
    evse: int
    url_template: str
    roaming_evse_id: str | None
    payment_page: str | None
    validity_s: int
    length: int
    pending_sealed: bytes = attrs.field(repr=False)
    now: datetime


async def of_station(connection: Connection, station_id: UUID) -> list[WebPaymentRow]:
    """The station's own and those of its EVSEs."""
    return all_made(WebPaymentRow, await connection.fetch(statement("web_payments_of"), station_id))


async def templates(connection: Connection, limit: int) -> list[str]:
    """The different ones that the tenant's stations show."""
    return [row["url_template"] for row in await connection.fetch(statement("web_payment_templates"), limit)]


async def scanned(
    connection: Connection, template: str, identity: str | None, roaming: str | None, evse: int | None
) -> WebPaymentRow | None:
    """Whose code it has to be; None when nobody shows such an address."""
    row = await connection.fetchrow(statement("web_payment_scanned"), template, identity, roaming, evse)
    return made(WebPaymentRow, row) if row else None


async def put_pending(connection: Connection, new: NewWebPayment) -> None:
    """Keeps it beside what counts."""
    await connection.execute(statement("web_payment_put"), *values(new))


async def taken(connection: Connection, new: NewWebPayment) -> None:
    """From now on it counts."""
    await connection.execute(
        statement("web_payment_taken"), new.station_id, new.evse, new.url_template, new.roaming_evse_id,
        new.payment_page, new.validity_s, new.length, new.pending_sealed, new.now,
    )  # fmt: skip


async def delete(connection: Connection, station_id: UUID, evse: int) -> bool:
    """False when there was none."""
    return await connection.fetchval(statement("web_payment_delete"), station_id, evse) is not None
