update token_rules set unknown = $2, concurrent = $3, cache_seconds = $4, updated_at = $5, revision = revision + 1 where id = $1
