-- Readings of a station, those of sessions and those of none. $1 limit, $2 and $3: time to go on from and how many of
-- that time to skip, $4 station, $5 and $6 the bounds in received_at, $7 EVSE, $8 only those of no session.
select m.received_at, m.at, m.claimed_at, m.evse, m.connector, m.context, m.import_milli_wh, m.export_milli_wh,
       m.power_w, m.soc, m.sampled::text as sampled
  from web_meter_values m
 where m.station_id = $4
   and m.received_at >= $5 and m.received_at < $6
   and ($2::timestamptz is null or m.received_at :before= $2)
   and ($7::integer is null or m.evse = $7)
   and (not $8::boolean or m.session_id is null)
 order by m.received_at :direction, m.at :direction, m.sampled::text :direction
 offset $3
 limit $1
