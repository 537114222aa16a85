-- $1 tenant, $2 fingerprint, $3 name, $4 PEM, $5 not_after, $6 now.
insert into client_authorities (tenant_id, fingerprint, name, certificate, not_after, added_at)
values ($1, $2, $3, $4, $5, $6)
on conflict do nothing returning fingerprint
