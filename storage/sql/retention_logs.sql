-- $1 addresses of logs that ended before go, with what is known of the log, $2 at most so many at once.
delete from file_addresses where ctid in (select ctid from file_addresses where purpose = 'log' and expires_at < $1 limit $2)
