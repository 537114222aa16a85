-- No row when the tenant has that certificate.
insert into contract_roots (tenant_id, id, use, name, subject, fingerprint, not_before, not_after, pem, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (tenant_id, fingerprint) do nothing
returning id
