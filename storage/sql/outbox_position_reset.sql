-- $1 consumer, $2 xid and $3 number it stands at. After a restore all that the old server's events are taken: on with
-- this server's, from its first transaction.
update event_consumers
   set xid = '0', number = 0, moved_at = to_timestamp(0)
 where name = $1
   and xid = $2::text::xid8 and number = $3::bigint
