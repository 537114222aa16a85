select c.station_id, s.identity as station, c.wave, c.status, c.stage, c.attempts, c.version_before, c.error, c.created_at,
       c.updated_at
  from campaign_stations c
  join stations s on s.id = c.station_id
 where c.campaign_id = $1 and c.station_id = $2
