-- What was sent under a tariff's id, the newest first. $1 kind, $2 tariff id.
select o.data from station_objects o where o.kind = $1 and o.key = $2 order by o.received_at desc limit 10
