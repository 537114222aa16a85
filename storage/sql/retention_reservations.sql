-- $1 reservations that ended before go, $2 at most so many at once.
delete from reservations where ctid in (select ctid from reservations where ended_at < $1 limit $2)
