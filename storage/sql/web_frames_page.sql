-- $1 limit, $2 and $3 time and id to go on from, $4 station, $5 and $6 from and to, then filters.
select f.id, f.received_at, f.direction, f.action, f.message_id, f.outcome, f.text, f.repairs
  from web_frames f
 where f.station_id = $4
   and ($2::timestamptz is null or (f.received_at, f.id) :before ($2, $3::uuid))
   and ($5::timestamptz is null or f.received_at >= $5)
   and ($6::timestamptz is null or f.received_at < $6)
   and ($7::text is null or f.action = $7)
   and ($8::text is null or f.direction = $8)
   and ($9::text is null or f.outcome = $9)
   and ($10::text is null or strpos(lower(f.text), lower($10)) > 0)
 order by f.received_at :direction, f.id :direction
 limit $1
