-- This tenant's rules for certificates; no row: none were set.
select organizations, unverified_status, unnamed_status, revision from security_policies
