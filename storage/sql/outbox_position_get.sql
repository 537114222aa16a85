-- $1 consumer. `restored`: the position lies beyond every transaction this server has begun, so it was copied from
-- another one by a dump; moved_at is the received_at of the last event taken, never in the future.
select xid::text::bigint as xid, number, moved_at,
       xid > pg_snapshot_xmax(pg_current_snapshot()) as restored
  from event_consumers
 where name = $1
