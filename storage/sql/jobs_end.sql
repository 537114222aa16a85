update jobs set status = $3, result = $4, error = $5, updated_at = $6, finished_at = $6, lease = null, leased_until = null
 where id = $1 and lease = $2 and status in ('waiting', 'expiring')
returning id
