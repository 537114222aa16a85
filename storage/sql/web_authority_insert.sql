insert into certificate_authorities (tenant_id, id, status, organization, checked, root, issuing, crossing, root_hash,
    issuer_hash, key_id, root_key, issuing_key, crl, crl_number, crl_until, created_at, not_after)
values ($1, $2, 'active', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
