-- The command of station $1 that was sent as message $2 and has no answer yet.
select to_json(c)::text
from commands c
where c.station_id = $1 and c.message_id = $2 and c.status in ('sent', 'timeout', 'lost')
limit 1
