update jobs j set status = 'expired', finished_at = $1, updated_at = $1
 where j.status = 'waiting' and j.expires_at <= $1 and (j.leased_until is null or j.leased_until < $1)
returning j.tenant_id, j.id, j.kind, j.key, j.station_id, j.subject, j.status, j.run_at, j.waits_for, j.expires_at, j.attempts,
       j.state, j.result, j.error, j.requested_by, j.request_id, j.created_at, j.updated_at, j.finished_at
