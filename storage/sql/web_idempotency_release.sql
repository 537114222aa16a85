-- Nothing was done under this key: it may be used again.
delete from idempotency_keys where key = $1 and status is null
