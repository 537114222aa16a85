-- How many stations of each of the campaigns $1 are where.
select campaign_id, wave, status, count(*)::integer as count
  from campaign_stations
 where campaign_id = any($1)
 group by 1, 2, 3
 order by 1, 2, 3
