-- $1 lease, $2 most, $3 now, $4 how long a lease of each kind lasts, $5 kinds, $6 stations that have one under way.
with due as (
    select d.id
      from jobs d
     where d.status = 'waiting' and d.run_at <= $3 and d.waits_for is null and d.kind = any($5)
       and (d.leased_until is null or d.leased_until < $3)
       and (d.expires_at is null or d.expires_at > $3)
       and (d.station_id is null or d.station_id <> all($6))
       -- One of a station at a time, in order: no older one of it may be due.
       and not exists (
           select from jobs o
            where o.station_id = d.station_id and o.status = 'waiting' and o.waits_for is null and o.run_at <= $3
              and o.kind = any($5) and (o.expires_at is null or o.expires_at > $3)
              and (o.priority, d.run_at, d.id) > (d.priority, o.run_at, o.id))
     order by d.priority desc, d.run_at, d.id
     limit $2
       for update skip locked
)
update jobs j
   set lease = $1, leased_until = $3::timestamptz + ($4::interval[])[array_position($5, j.kind)], attempts = j.attempts + 1, updated_at = $3
  from due
 where j.id = due.id
returning j.tenant_id, j.id, j.kind, j.key, j.station_id, j.subject, j.status, j.run_at, j.waits_for, j.expires_at, j.attempts,
       j.state, j.result, j.error, j.requested_by, j.request_id, j.created_at, j.updated_at, j.finished_at
