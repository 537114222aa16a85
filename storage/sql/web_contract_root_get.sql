select id, use, name, subject, fingerprint, not_before, not_after, pem, created_at from contract_roots where id = $1
