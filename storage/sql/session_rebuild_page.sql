-- Sessions after $1 in order of id, $2 at most, with the version of the row that was read.
select s.id, s.station_id, s.sealed, s.began_received_at, s.xmin::text as version, to_json(s)::text as row
from sessions s
where $1::uuid is null or s.id > $1
order by s.id
limit $2
