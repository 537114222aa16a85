update jobs set run_at = $2, waits_for = null, updated_at = $2 where id = $1 and status = 'waiting' and lease is null
