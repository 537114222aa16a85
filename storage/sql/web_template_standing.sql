-- $1 tenant, $2 station, $3 checked, $4 applied (null: as before), $5 drift, $6 refused, $7 written.
insert into template_states as x (tenant_id, station_id, checked_at, applied_at, drift, refused, written)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (station_id) do update
   set checked_at = excluded.checked_at, applied_at = coalesce(excluded.applied_at, x.applied_at),
       drift = excluded.drift, refused = excluded.refused, written = excluded.written
