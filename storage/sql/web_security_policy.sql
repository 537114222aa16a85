-- This tenant's rules for certificates; no row: none were set.
select organizations, updated_at from security_policies
