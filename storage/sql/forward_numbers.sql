select ours, theirs from forward_transactions where forward_id = $1 order by made_at desc, ours desc limit 1000
