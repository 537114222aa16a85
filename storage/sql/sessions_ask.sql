-- Begins a job for each running 2.x session of a connected station of which nothing came since before $1, and which has
-- not been asked about since then. $2 at most, $3 now, $4 the kind of job, $5 ids for the jobs.
with silent as (
    select s.id, s.tenant_id, s.station_id, row_number() over (order by s.last_received_at) as number
      from sessions s
      join station_states st on st.station_id = s.station_id and st.online and st.version <> '1.6'
     where s.status = 'active' and s.last_received_at < $1 and s.transaction_id is not null
       and not exists (
           select from jobs j
            where j.subject = 'sessions/' || s.id and j.kind = $4::text and j.created_at > s.last_received_at
       )
     order by s.last_received_at
     limit $2
)
insert into jobs (tenant_id, id, station_id, kind, key, state, created_at, updated_at, run_at, subject, expires_at)
select tenant_id, ($5::uuid[])[number], station_id, $4::text, id::text, '{}', $3::timestamptz, $3::timestamptz,
       $3::timestamptz,
       'sessions/' || id,
       $3::timestamptz + interval '2 days'
  from silent
on conflict (tenant_id, kind, key) where status = 'waiting' and key is not null do nothing
