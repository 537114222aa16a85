-- $1 limit, $2 and $3 start and id to go on from, $4 and $5 from and to (by start), then filters.
select x.id, x.station_id, s.identity as station, x.evse, x.connector, x.transaction_id, x.token, x.token_type, x.status,
       x.charging_state, x.started_at, x.ended_at, x.import_milli_wh, x.export_milli_wh, x.power_w, x.soc,
       x.last_reading_at, x.stop_reason, x.remote_start_id, x.flags, x.began_received_at, x.last_received_at, x.sealed,
       x.details
  from sessions x
  join stations s on s.id = x.station_id
 where ($2::timestamptz is null or (x.started_at, x.id) :before ($2, $3::uuid))
   and ($4::timestamptz is null or x.started_at >= $4)
   and ($5::timestamptz is null or x.started_at < $5)
   and ($6::text is null or x.status = $6)
   and ($7::uuid is null or x.station_id = $7)
   and ($8::text is null or lower(x.token) = $8)
   and ($9::text is null or x.transaction_id = $9)
   and ($10::text is null or $10 = any(x.flags))
   and ($11::text is null or s.site = $11)
   and ($12::integer is null or x.evse = $12)
 order by x.started_at :direction, x.id :direction
 limit $1
