-- $1 rows from before go, $2 at most so many at once.
delete from stream_values where ctid in (select ctid from stream_values where received_at < $1 limit $2)
