select p.id, p.station_id, s.identity as station, p.evse, p.connector, p.operative, p.starts_at, p.ends_at, p.repeats, p.time_zone,
       p.reason, p.status, p.detail, p.created_at, p.updated_at
  from availability_plans p join stations s on s.id = p.station_id
 where p.id = $1
