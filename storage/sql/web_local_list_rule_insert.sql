-- No row when there is one for the same station, site or tenant.
insert into local_list_rules (tenant_id, id, station_id, site, rule, tokens, groups, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
on conflict do nothing
returning id
