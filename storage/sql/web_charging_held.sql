-- The charging profiles that a station holds. $1 station.
select o.data
  from station_objects o
 where o.station_id = $1 and o.kind = 'charging_profile' and o.removed_at is null
