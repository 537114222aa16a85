select id, transaction_id, kind, received_at, data
from unmatched_transactions
where station_id = $1 and resolved_at is null
order by received_at desc, id desc
limit 50
