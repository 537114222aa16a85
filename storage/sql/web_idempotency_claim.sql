-- A row when the key is new. Waits for another transaction that holds the same key.
insert into idempotency_keys (tenant_id, key, fingerprint, created_at)
values ($1, $2, $3, $4)
on conflict (tenant_id, key) do nothing
returning key
