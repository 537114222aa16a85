-- $1 tenant, $2 station, then a column each.
insert into local_list_entries (tenant_id, station_id, uid_key, uid, type, digest)
select $1, $2, e.* from unnest($3::text[], $4::text[], $5::text[], $6::text[]) e
on conflict (station_id, uid_key) do update set uid = excluded.uid, type = excluded.type, digest = excluded.digest
