update campaign_stations set status = 'cancelled', updated_at = $2
 where campaign_id = $1 and status in ('pending', 'waiting')
