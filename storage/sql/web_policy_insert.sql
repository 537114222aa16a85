-- No row when that site has one.
insert into boot_policies (tenant_id, id, site, admission, settings, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $6)
on conflict (tenant_id, site) do nothing
returning id
