-- $2 session, $3 after; by station, since that is what the partitions are indexed by.
select received_at, session_id, evse, connector, at, claimed_at, context, import_milli_wh, export_milli_wh, power_w, soc,
       sampled::text as sampled, seq_no
from meter_values
where station_id = $1 and session_id = $2 and received_at > $3
order by received_at, at
