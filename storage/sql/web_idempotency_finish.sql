update idempotency_keys set status = $2, response = $3 where key = $1
