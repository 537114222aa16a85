select x.id, x.station_id, s.identity as station, x.evse, x.connector, x.transaction_id, x.token, x.token_type, x.status,
       x.charging_state, x.started_at, x.ended_at, x.import_milli_wh, x.export_milli_wh, x.power_w, x.soc,
       x.last_reading_at, x.stop_reason, x.remote_start_id, x.flags, x.began_received_at, x.last_received_at, x.sealed,
       x.details
  from sessions x
  join stations s on s.id = x.station_id
 where x.id = $1
