"""Where each consumer stands (table event_consumers)."""

from storage.outbox.bus import Subscription
from storage.outbox.reader import EPOCH, Position
from storage.pool import Connection, Pool
from storage.sql import sql


async def find_position(pool: Pool, subscription: Subscription) -> Position:
    """Where the consumer goes on, or begins when it is new or not durable. Raises StoreUnavailable."""
    if not subscription.durable:
        return await _begin(pool, subscription)

    async def work(connection: Connection) -> Position:
        await connection.execute(sql("outbox_position_create"), subscription.name, subscription.start == "beginning")
        row = await connection.fetchrow(sql("outbox_position_get"), subscription.name)
        assert row is not None
        return Position(row["xid"], row["number"], row["moved_at"], row["restored"])

    return await pool.run(work)


async def move_position(pool: Pool, name: str, position: Position) -> None:
    """Everything up to here is taken. Raises StoreUnavailable."""
    await pool.execute(
        sql("outbox_position_move"), name, str(position.xid), position.number, position.received_at
    )


async def reset_position(pool: Pool, name: str, position: Position) -> None:
    """The other server's events are all taken; on with this one's. Raises StoreUnavailable."""
    await pool.execute(sql("outbox_position_reset"), name, str(position.xid), position.number)


async def _begin(pool: Pool, subscription: Subscription) -> Position:
    row = await pool.fetchrow(sql("outbox_now_get"))
    assert row is not None
    if subscription.start == "beginning":
        return Position(0, 0, EPOCH)
    return Position(row["xid"], row["number"], row["moved_at"])
