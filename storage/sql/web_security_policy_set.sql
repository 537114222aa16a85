-- $1 tenant, $2 operator names, $3 whether unverified answers count, $4 whether certificates that name nobody do, $5 now,
-- $6 the revision it is a change to, null: whatever is there. No row when there is another one.
insert into security_policies (tenant_id, organizations, unverified_status, unnamed_status, updated_at)
values ($1, $2, $3, $4, $5)
on conflict (tenant_id) do update
   set organizations = excluded.organizations, unverified_status = excluded.unverified_status,
       unnamed_status = excluded.unnamed_status, updated_at = excluded.updated_at,
       revision = security_policies.revision + 1
 where $6::integer is null or security_policies.revision = $6
returning revision
