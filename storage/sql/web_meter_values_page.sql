-- Readings of a session. $1 limit, $2 and $3: time to go on from and how many of that time to skip,
-- $4 station, $5 session, $6 and $7 the bounds in received_at that spare other partitions.
select m.received_at, m.at, m.claimed_at, m.evse, m.connector, m.context, m.import_milli_wh, m.export_milli_wh,
       m.power_w, m.soc, m.sampled::text as sampled
  from web_meter_values m
 where m.station_id = $4 and m.session_id = $5
   and m.received_at >= $6 and m.received_at < $7
   and ($2::timestamptz is null or m.received_at :before= $2)
 order by m.received_at :direction, m.at :direction, m.sampled::text :direction
 offset $3
 limit $1
