-- $1 rows from before go, $2 at most so many at once.
delete from monitor_events where ctid in (select ctid from monitor_events where received_at < $1 limit $2)
