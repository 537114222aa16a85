-- Begins a job for each connected 2.x station with monitors of ours that has booted since they were listed, once a boot
-- (N04.FR.19: their ids may be others). $1 the kind of job, $2 now, $3 at most, $4 ids for the jobs.
with booted as (
    select st.station_id, st.tenant_id, row_number() over (order by st.station_id) as number
      from station_states st
     where st.online and st.version <> '1.6' and st.boot ->> 'status' = 'accepted'
       and (st.boot ->> 'at')::timestamptz between $2::timestamptz - interval '1 day' and $2::timestamptz - interval '1 minute'
       and exists (
           select from station_objects o
            where o.station_id = st.station_id and o.kind = 'monitor' and o.removed_at is null
              and o.data ->> 'notification' = 'CustomMonitor' and o.received_at < (st.boot ->> 'at')::timestamptz
       )
       and not exists (
           select from jobs j
            where j.station_id = st.station_id and j.kind = $1::text
              and j.created_at > (st.boot ->> 'at')::timestamptz
       )
     limit $3
)
insert into jobs (tenant_id, id, station_id, kind, key, state, created_at, updated_at, run_at, subject)
select tenant_id, ($4::uuid[])[number], station_id, $1::text, station_id::text, '{}', $2::timestamptz, $2::timestamptz,
       $2::timestamptz + number * interval '1 second', 'stations/' || station_id
  from booted
on conflict (tenant_id, kind, key) where status = 'waiting' and key is not null do nothing
