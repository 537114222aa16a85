insert into certificates (tenant_id, id, station_id, use, status, code, reason, authority_id, csr_hash, key_hash,
    request_id, subject, issuer, issuer_hash, serial, fingerprint, not_before, not_after, renew_at, chain, created_at,
    updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $21)
on conflict (id) do nothing
