-- $1 tenant, $2 operator names, $3 now.
insert into security_policies (tenant_id, organizations, updated_at) values ($1, $2, $3)
on conflict (tenant_id) do update set organizations = excluded.organizations, updated_at = excluded.updated_at
