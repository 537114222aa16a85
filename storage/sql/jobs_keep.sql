update jobs set state = $3, updated_at = $4, leased_until = $5
 where id = $1 and lease = $2 and status = 'waiting'
returning id
