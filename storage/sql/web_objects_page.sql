-- $1 limit, $2–$4 where to go on (received_at, station, kind/key), then filters.
select o.station_id, s.identity as station, o.kind, o.key, o.status, o.data, o.since, o.received_at, o.removed_at
  from station_objects o
  join stations s on s.id = o.station_id
 where ($2::timestamptz is null or (o.received_at, o.station_id, o.kind || '/' || o.key) :before ($2, $3::uuid, $4::text))
   and ($5::text[] is null or o.kind = any($5))
   and ($6::uuid is null or o.station_id = $6)
   and ($7::text is null or o.status = $7)
   and ($8::text is null or o.key = $8)
   and ($9 or o.removed_at is null)
 order by o.received_at :direction, o.station_id :direction, o.kind || '/' || o.key :direction
 limit $1
