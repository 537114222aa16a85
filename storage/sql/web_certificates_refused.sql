-- How many requests of a station ($1) were refused since $2, and are kept.
select count(*) from certificates where station_id = $1 and created_at > $2 and status = 'refused'
