-- No row when the name is taken.
insert into templates (tenant_id, id, name, vendor, model, firmware, site, priority, items, correction, reboot, enabled,
                       created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)
on conflict (tenant_id, name) do nothing
returning id
