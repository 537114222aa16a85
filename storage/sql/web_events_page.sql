-- $1 limit, $2 and $3 time and id to go on from, $4 and $5 from and to, $6 types, $7 subject.
select e.id, e.received_at, e.type, e.subject, e.data, e.request_id
  from web_events e
 where ($2::timestamptz is null or (e.received_at, e.id) :before ($2, $3::uuid))
   and ($4::timestamptz is null or e.received_at >= $4)
   and ($5::timestamptz is null or e.received_at < $5)
   and ($6::text[] is null or e.type = any($6))
   and ($7::text is null or e.subject = $7)
 order by e.received_at :direction, e.id :direction
 limit $1
