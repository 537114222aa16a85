select fingerprint, status, response, created_at from idempotency_keys where key = $1
