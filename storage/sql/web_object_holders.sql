-- Stations that hold an object now. $1 kind, $2 key.
select s.identity
  from station_objects o
  join stations s on s.id = o.station_id
 where o.kind = $1 and o.key = $2 and o.removed_at is null and s.deleted_at is null
 order by s.identity
