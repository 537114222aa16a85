insert into revoked_certificates (tenant_id, issuer_hash, serial, revoked_at, reason) values ($1, $2, $3, $4, $5)
on conflict (tenant_id, issuer_hash, serial) do nothing
