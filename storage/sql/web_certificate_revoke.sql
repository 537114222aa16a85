update certificates set status = 'revoked', reason = $2, revoked_at = $3, updated_at = $3 where id = $1
