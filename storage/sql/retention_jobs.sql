-- $1 jobs that ended before go, $2 at most so many at once. What waits stays, however old.
delete from jobs where ctid in (select ctid from jobs where status not in ('waiting', 'expiring') and finished_at < $1 limit $2)
