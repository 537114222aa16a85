-- The operator's names that certificates may bear, what we have of our own authority, and the tenant's own name.
select t.name,
       coalesce((select p.organizations from security_policies p), '{}') as organizations,
       (select a.organization from certificate_authorities a where a.status = 'active' and a.checked) as authority
  from tenants t
