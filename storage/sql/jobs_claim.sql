-- $1 lease, $2 most, $3 now, $4 how long a lease of each kind lasts, $5 kinds, $6 stations that have one under way,
-- $7 tenants that have some under way, $8 how many each, $9 how many one tenant may have.
-- Tenants take turns: the first of each goes before the second of any, and what a tenant has under way counts.
-- Each step reads the head of an index (jobs_due, jobs_open_by_station), so that a million due rows cost no more than ten:
-- subqueries that yield one value each are never turned into a join over the whole table.
with recursive levels as (
    -- Which priorities a tenant has: from one to the next, past all rows between.
    select t.id as tenant_id,
           (select j.priority from jobs j
             where j.tenant_id = t.id and j.status = 'waiting' and j.waits_for is null
             order by j.priority desc limit 1) as priority
      from tenants t
    union all
    select l.tenant_id,
           (select j.priority from jobs j
             where j.tenant_id = l.tenant_id and j.status = 'waiting' and j.waits_for is null and j.priority < l.priority
             order by j.priority desc limit 1)
      from levels l
     where l.priority is not null
), turns as (
    select d.id, d.priority, d.run_at,
           row_number() over (partition by l.tenant_id order by d.priority desc, d.run_at, d.id)
               + coalesce(r.running, 0) as turn
      from levels l
      left join unnest($7::uuid[], $8::integer[]) r (tenant_id, running) on r.tenant_id = l.tenant_id
     cross join lateral (
        select d.id, d.priority, d.run_at
          from jobs d
         where d.tenant_id = l.tenant_id and d.priority = l.priority
           and d.status = 'waiting' and d.run_at <= $3 and d.waits_for is null and d.kind = any($5)
           and (d.leased_until is null or d.leased_until < $3)
           and (d.expires_at is null or d.expires_at > $3)
           and (d.station_id is null or d.station_id <> all($6))
           -- One of a station at a time, in order: it is the first of those that are due.
           and (d.station_id is null or d.id = (
               select o.id from jobs o
                where o.station_id = d.station_id and o.status = 'waiting' and o.waits_for is null and o.run_at <= $3
                  and o.kind = any($5) and (o.expires_at is null or o.expires_at > $3)
                order by o.priority desc, o.run_at, o.id
                limit 1))
         order by d.run_at, d.id
         limit least($2, greatest($9 - coalesce(r.running, 0), 0))
     ) d
), due as (
    select j.id
      from jobs j
     where j.id = any(array(
               select t.id from turns t where t.turn <= $9 order by t.turn, t.priority desc, t.run_at, t.id limit $2))
       and j.status = 'waiting' and j.waits_for is null and j.run_at <= $3
       and (j.leased_until is null or j.leased_until < $3)
       for update skip locked
)
update jobs j
   set lease = $1, leased_until = $3::timestamptz + ($4::interval[])[array_position($5, j.kind)], attempts = j.attempts + 1, updated_at = $3
  from due
 where j.id = due.id
returning j.tenant_id, j.id, j.kind, j.key, j.station_id, j.subject, j.status, j.run_at, j.waits_for, j.expires_at, j.attempts,
       j.waits, j.state, j.result, j.error, j.requested_by, j.request_id, j.created_at, j.updated_at, j.finished_at
