-- $1 numbers given before go, $2 at most so many at once: no session lasts that long.
delete from forward_transactions where ctid in (select ctid from forward_transactions where made_at < $1 limit $2)
