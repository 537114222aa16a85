-- $1 limit, $2–$3 where to go on (id, n), $4 station, $5 stream, $6–$7 from, to.
select id, n, at, value, received_at
  from stream_values
 where station_id = $4 and stream_id = $5
   and ($2::uuid is null or (id, n) :before ($2, $3::integer))
   and ($6::timestamptz is null or at >= $6)
   and ($7::timestamptz is null or at < $7)
 order by id :direction, n :direction
 limit $1
