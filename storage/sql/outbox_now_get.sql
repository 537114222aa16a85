-- A place behind everything that is visible, before everything that is still under way.
select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as xid, 0::bigint as number, clock_timestamp() as moved_at
