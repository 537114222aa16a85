-- The number is the next one of its station.
insert into reservations (tenant_id, id, station_id, number, evse, connector, connector_type, token, token_type, group_uid,
                          starts_at, expires_at, status, requested_by, request_id, created_at, updated_at)
select $1, $2, $3, 1 + coalesce((select max(number) from reservations where station_id = $3), 0), $4, $5, $6, $7, $8, $9,
       $10, $11, 'pending', $12, $13, $14, $14
returning number
