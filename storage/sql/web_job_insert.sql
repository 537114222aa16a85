-- No row when one of that kind and key is open.
insert into jobs (tenant_id, id, kind, key, station_id, subject, run_at, created_at, updated_at, state, waits_for,
                  expires_at, priority, requested_by, request_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11, $12, $13, $14)
on conflict (tenant_id, kind, key) where status = 'waiting' and key is not null do nothing
returning id
