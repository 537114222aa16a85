-- $1 consumer, $2 xid and $3 number of the last event taken, $4 its received_at. Never backwards: of two nodes that run
-- the same consumer the slower one takes nothing back.
update event_consumers
   set xid = $2::text::xid8, number = $3::bigint, moved_at = least($4::timestamptz, clock_timestamp())
 where name = $1
   and (xid, number) < ($2::text::xid8, $3::bigint)
