-- $1 station, $2 version, $3 sent, $4 entries it holds now, $5 now.
update local_lists set version = $2, station_version = $2, sent = $3, entries = $4, updated_at = $5 where station_id = $1
