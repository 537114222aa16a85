select boot from station_states where station_id = $1
