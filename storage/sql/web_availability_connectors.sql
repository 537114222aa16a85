-- $1 station.
select evse, connector, status from connectors where station_id = $1
