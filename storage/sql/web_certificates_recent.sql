-- How many of a station and use ($1, $2) were signed since $3.
select count(*) from certificates where station_id = $1 and use = $2 and created_at > $3 and status <> 'refused'
