select wave, status, count(*)::integer as count from campaign_stations where campaign_id = $1 group by 1, 2 order by 1, 2
