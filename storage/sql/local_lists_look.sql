-- Begins a job for each connected station that has booted since we last knew which list lies there, once a boot: it may
-- have lost it. $1 the kind of job, $2 now, $3 at most, $4 ids for the jobs.
with booted as (
    select l.station_id, l.tenant_id, row_number() over (order by l.updated_at) as number
      from local_lists l
      join station_states st on st.station_id = l.station_id and st.online
     where l.status = 'synced' and (st.boot ->> 'at')::timestamptz > l.updated_at
       and (st.boot ->> 'at')::timestamptz < $2::timestamptz - interval '1 minute'
       and not exists (
           select from jobs j
            where j.station_id = l.station_id and j.kind = $1::text
              and j.created_at > (st.boot ->> 'at')::timestamptz
       )
     order by l.updated_at
     limit $3
)
insert into jobs (tenant_id, id, station_id, kind, key, state, created_at, updated_at, run_at, subject)
select tenant_id, ($4::uuid[])[number], station_id, $1::text, station_id::text, '{"check": true}', $2::timestamptz,
       $2::timestamptz, $2::timestamptz + number * interval '1 second', 'local-lists/' || station_id
  from booted
on conflict (tenant_id, kind, key) where status = 'waiting' and key is not null do nothing
