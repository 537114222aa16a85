-- $1 addresses that ended before go, $2 at most so many at once. Those of logs are what /logs lists: they stay longer.
delete from file_addresses where ctid in (select ctid from file_addresses where purpose <> 'log' and expires_at < $1 limit $2)
