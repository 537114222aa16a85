-- $1 at most. Newest first.
select tenant_id, id, status, organization, checked, root, issuing, crossing, root_hash, issuer_hash, key_id,
       root_key, issuing_key, crl, crl_number, crl_until, created_at, not_after, retired_at
  from certificate_authorities
 order by created_at desc, id desc limit $1
