-- $1 tenant, $2 station, $3 profile, $4 limits, $5 now, $6 who.
insert into dynamic_limits (tenant_id, station_id, profile, limits, set_at, set_by)
values ($1, $2, $3, $4, $5, $6)
on conflict (station_id, profile) do update
   set limits = excluded.limits, set_at = excluded.set_at, set_by = excluded.set_by
