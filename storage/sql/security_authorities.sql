-- Every tenant's authorities for its stations' certificates, the first registered first. Beneath a root of our own that is among them: its issuing
-- authority, for stations that send their certificate alone.
select tenant_id, fingerprint, certificate, added_at from client_authorities
union all
select a.tenant_id, a.issuer_hash, a.issuing, a.created_at
  from certificate_authorities a
 where exists (select from client_authorities c
                where c.tenant_id = a.tenant_id and btrim(c.certificate, E'\n') = btrim(a.root, E'\n'))
order by 4, 1, 2
