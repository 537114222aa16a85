insert into campaigns (tenant_id, id, name, firmware_id, rules, chosen, requested_by, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
