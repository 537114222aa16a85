select o.station_id, s.identity as station, o.kind, o.key, o.status, o.data, o.since, o.received_at, o.removed_at
  from station_objects o
  join stations s on s.id = o.station_id
 where o.station_id = $1 and o.kind = $2 and o.key = $3
