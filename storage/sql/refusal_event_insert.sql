insert into events (tenant_id, received_at, id, type, subject, data) values ($1, clock_timestamp(), $2, $3, $4, $5)
