-- The next ones of a wave to begin with.
select station_id from campaign_stations
 where campaign_id = $1 and wave = $2 and status = 'pending' order by station_id limit $3
