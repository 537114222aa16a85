-- Jobs past their `expires_at` and not under way, and those whose end failed and is due again.
-- $1 lease, $2 most, $3 now, $4 how long a lease of each kind lasts, $5 kinds, $6 a lease of any other kind.
-- The head of each of the two indexes (jobs_over, jobs_expiring), however many are behind it.
with over as (
    select id
      from jobs
     where id = any(array(
               (select e.id from jobs e
                 where e.status = 'expiring' and e.run_at <= $3 and (e.leased_until is null or e.leased_until < $3)
                 order by e.run_at limit $2)
               union all
               (select w.id from jobs w
                 where w.status = 'waiting' and w.expires_at <= $3 and (w.leased_until is null or w.leased_until < $3)
                 order by w.expires_at limit $2)
               limit $2))
       and (status = 'waiting' and expires_at <= $3 or status = 'expiring' and run_at <= $3)
       and (leased_until is null or leased_until < $3)
       for update skip locked
)
update jobs j
   set status = 'expiring', lease = $1, updated_at = $3, waits_for = null,
       leased_until = $3::timestamptz + coalesce(($4::interval[])[array_position($5, j.kind)], $6),
       run_at = case when j.status = 'waiting' then $3 else j.run_at end,
       attempts = case when j.status = 'waiting' then 1 else j.attempts + 1 end
  from over
 where j.id = over.id
returning j.tenant_id, j.id, j.kind, j.key, j.station_id, j.subject, j.status, j.run_at, j.waits_for, j.expires_at, j.attempts,
       j.waits, j.state, j.result, j.error, j.requested_by, j.request_id, j.created_at, j.updated_at, j.finished_at
