-- How many objects of a kind a station holds besides one. $1 station, $2 kind, $3 key.
select count(*) from station_objects o
 where o.station_id = $1 and o.kind = $2 and o.key <> $3 and o.removed_at is null
