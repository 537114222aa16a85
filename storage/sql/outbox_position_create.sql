-- $1 consumer, $2 true: from the first event kept, else from now on. Does nothing for a consumer that is known.
insert into event_consumers (name, xid, number, moved_at)
select $1,
       case when $2::boolean then '0'::xid8 else pg_snapshot_xmin(pg_current_snapshot()) end,
       0,
       case when $2::boolean then to_timestamp(0) else clock_timestamp() end
on conflict (name) do nothing
