-- No row when the name is taken.
insert into model_profiles (tenant_id, id, name, vendor, model, firmware, data, note, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
on conflict (tenant_id, name) do nothing
returning id
