select j.tenant_id, j.id, j.kind, j.key, j.station_id, j.subject, j.status, j.run_at, j.waits_for, j.expires_at, j.attempts,
       j.waits, j.state, j.result, j.error, j.requested_by, j.request_id, j.created_at, j.updated_at, j.finished_at
  from jobs j
 where j.id = $1
