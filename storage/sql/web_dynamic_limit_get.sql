select d.profile, d.limits, d.set_at, d.set_by
  from dynamic_limits d
 where d.station_id = $1 and d.profile = $2
