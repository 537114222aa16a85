-- $1 tenant, $2 station, $3 status, $4 version, $5 what the station says, $6 sent, $7 total, $8 skipped, $9 error, $10 now.
insert into local_lists (tenant_id, station_id, status, version, station_version, sent, total, skipped, error, started_at,
                         synced_at, updated_at, entries)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, case when $3 = 'synced' then $10::timestamptz end, $10,
        (select count(*) from local_list_entries where station_id = $2))
on conflict (station_id) do update
   set status = excluded.status, version = excluded.version, station_version = excluded.station_version, sent = excluded.sent,
       total = excluded.total, skipped = excluded.skipped, error = excluded.error, updated_at = excluded.updated_at,
       started_at = case when local_lists.status <> 'syncing' and excluded.status = 'syncing' then excluded.updated_at
                    else local_lists.started_at end,
       synced_at = coalesce(excluded.synced_at, local_lists.synced_at), entries = excluded.entries
