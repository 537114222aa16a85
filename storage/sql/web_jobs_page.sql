-- $1 limit, $2 id to go on from, then filters.
select j.tenant_id, j.id, j.kind, j.key, j.station_id, j.subject, j.status, j.run_at, j.waits_for, j.expires_at, j.attempts,
       j.waits, j.state, j.result, j.error, j.requested_by, j.request_id, j.created_at, j.updated_at, j.finished_at
  from jobs j
 where ($2::uuid is null or j.id :before $2)
   and ($3::text is null or j.kind = $3)
   and ($4::text is null or j.status = $4)
   and ($5::uuid is null or j.station_id = $5)
   and ($6::text is null or j.subject = $6)
 order by j.id :direction
 limit $1
