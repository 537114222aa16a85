-- $3: the derived row as JSON. Only over the version that was read: what the journal wrote since then is newer.
update sessions s set
    (transaction_id, evse, connector, token, token_type, status, charging_state, started_at, ended_at, import_milli_wh,
     export_milli_wh, power_w, soc, last_reading_at, stop_reason, remote_start_id, flags, registers, began_received_at,
     last_received_at, details)
    = (r.transaction_id, r.evse, r.connector, r.token, r.token_type, r.status, r.charging_state, r.started_at, r.ended_at,
       r.import_milli_wh, r.export_milli_wh, r.power_w, r.soc, r.last_reading_at, r.stop_reason, r.remote_start_id,
       r.flags, r.registers, r.began_received_at, r.last_received_at,
       r.details)
from json_populate_record(null::sessions, $3::json) r
where s.id = $1 and s.xmin::text = $2 and not s.sealed
