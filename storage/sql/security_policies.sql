-- Every tenant's rules for its stations' certificates.
select tenant_id, organizations from security_policies
