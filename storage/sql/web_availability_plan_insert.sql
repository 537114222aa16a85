insert into availability_plans (tenant_id, id, station_id, evse, connector, operative, starts_at, ends_at, repeats, time_zone,
                                reason, status, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'planned', $12, $12)
