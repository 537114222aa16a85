-- Certificates revoked from $1 on (null: all of them).
select tenant_id, issuer_hash, serial, revoked_at from revoked_certificates
where $1::timestamptz is null or revoked_at >= $1
