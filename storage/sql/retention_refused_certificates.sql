-- $1 requests refused before go, $2 at most so many at once.
delete from certificates where ctid in (select ctid from certificates where status = 'refused' and updated_at < $1 limit $2)
