-- $1 limit, $2 station to go on from, $3 campaign, then filters.
select c.station_id, s.identity as station, c.wave, c.status, c.stage, c.attempts, c.version_before, c.error, c.created_at,
       c.updated_at
  from campaign_stations c
  join stations s on s.id = c.station_id
 where c.campaign_id = $3
   and ($2::uuid is null or c.station_id :before $2)
   and ($4::text is null or c.status = $4)
   and ($5::integer is null or c.wave = $5)
 order by c.station_id :direction
 limit $1
