select r.id, r.station_id, s.identity as station, r.site, r.unknown, r.concurrent, r.cache_seconds, r.created_at, r.updated_at, r.revision
  from token_rules r left join stations s on s.id = r.station_id
 where r.id = $1
