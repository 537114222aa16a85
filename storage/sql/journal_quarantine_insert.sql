with b as (insert into journal_batches (id) values ($1)),
e as (insert into events (tenant_id, received_at, id, type, subject, data) values ($2, $5, $9, $10, $11, $12))
insert into quarantine (tenant_id, id, station_id, received_at, sqlstate, error, raw)
values ($2, $3, $4, $5, $6, $7, $8)
