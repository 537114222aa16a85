select id, session_id, kind, at, received_at, data
from session_facts
where session_id = $1
order by received_at, id
