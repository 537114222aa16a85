-- Who set what a station holds of a kind. $1 station, $2 kind.
select o.key, o.data -> 'set_by' as set_by, o.data -> 'accepted_at' as accepted_at, o.data -> 'command_id' as command_id
  from station_objects o
 where o.station_id = $1 and o.kind = $2 and o.removed_at is null and o.data ? 'accepted_at'
