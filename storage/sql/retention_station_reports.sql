-- $1 rows from before go, $2 at most so many at once.
delete from station_reports where ctid in (select ctid from station_reports where received_at < $1 limit $2)
