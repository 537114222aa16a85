-- $1 limit, $2 and $3 time and id to go on from, $4 session.
select f.id, f.kind, f.at, f.received_at, f.data
  from session_facts f
 where f.session_id = $4
   and ($2::timestamptz is null or (f.received_at, f.id) :before ($2, $3::uuid))
 order by f.received_at :direction, f.id :direction
 limit $1
