-- Every tenant's authorities for its stations' certificates: those named by it, and its own root with what that has signed.
select tenant_id, fingerprint, certificate from client_authorities
union all
select tenant_id, root_hash, root from certificate_authorities
union all
select tenant_id, issuer_hash, issuing from certificate_authorities
order by 1, 2
