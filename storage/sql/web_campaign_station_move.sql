update campaign_stations set status = $3, stage = $4, attempts = $5, error = $6, updated_at = $7
 where campaign_id = $1 and station_id = $2
