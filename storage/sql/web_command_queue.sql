-- No row when as many wait as may ($10).
insert into commands (tenant_id, id, station_id, action, command, status, version, request, requested_by, request_id, created_at)
select $1, $2, $3, $4, $5, 'queued', $6, $7, $8, $9, $11
 where (select count(*) from commands where station_id = $3 and status = 'queued') < $10
returning id
