-- $1 what stations have not held since goes, $2 at most so many at once. What they hold stays.
delete from station_objects where ctid in (select ctid from station_objects where removed_at < $1 limit $2)
