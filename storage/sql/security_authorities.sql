-- Every tenant's authorities for its stations' certificates.
select tenant_id, fingerprint, certificate from client_authorities order by tenant_id, fingerprint
