-- What waits is due now ($2): the station ($1) was accepted by hand, or deleted. $3: only what waits for this.
update jobs set waits_for = null, run_at = $2, updated_at = $2
 where station_id = $1 and status = 'waiting' and ($3::text is null or waits_for = $3)
