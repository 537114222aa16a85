update forwards set accepted_at = coalesce(accepted_at, $2) where id = $1
