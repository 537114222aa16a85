-- `attempts` counts failures in a row: a round that went as planned ($6 null) begins anew.
update jobs set state = $3, run_at = $4, waits_for = $5, error = $6, updated_at = $7, lease = null, leased_until = null,
       attempts = case when $6::text is null then 0 else attempts end
 where id = $1 and lease = $2 and status = 'waiting'
returning id
