-- Events after ($1 xid, $2 number), $3 earliest received_at that can matter (leaves whole partitions out), $4 at most.
-- Only below the oldest transaction still open: numbers and xids are taken before they become visible, so anything above
-- it may yet be overtaken by an event with a lower place.
-- $5: the positions come from another server (see outbox_position_get), whose xids are all above ours and all committed.
select e.xid::text::bigint as xid, e.number, e.id, e.tenant_id, e.received_at, e.type, e.subject,
       e.data::text as data, e.request_id
  from events e
 where (e.xid, e.number) > ($1::text::xid8, $2::bigint)
   and ($5::boolean or e.xid < pg_snapshot_xmin(pg_current_snapshot()))
   and e.received_at >= $3::timestamptz
 order by e.xid, e.number
 limit $4::bigint
