-- An open job of that kind and key is due now.
update jobs set run_at = least(run_at, $3) where kind = $1 and key = $2 and status = 'waiting' and waits_for is null
