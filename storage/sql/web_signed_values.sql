-- Readings of a session that hold signed values, in the order they came. $1 station, $2 session, $3 and $4 the bounds in
-- received_at that spare other partitions, $5 limit.
select m.received_at, m.at, m.claimed_at, m.evse, m.connector, m.context, m.import_milli_wh, m.export_milli_wh,
       m.power_w, m.soc, m.sampled::text as sampled
  from web_meter_values m
 where m.station_id = $1 and m.session_id = $2
   and m.received_at >= $3 and m.received_at < $4
   and (strpos(m.sampled::text, '"signedMeterValue"') > 0 or strpos(m.sampled::text, '"SignedData"') > 0)
 order by m.received_at, m.at
 limit $5
