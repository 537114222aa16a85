delete from dynamic_limits d where d.station_id = $1 and d.profile = $2 returning d.profile
