update jobs set state = $3, run_at = $4, waits_for = $5, error = $6, updated_at = $7, lease = null, leased_until = null
 where id = $1 and lease = $2 and status = 'waiting'
returning id
