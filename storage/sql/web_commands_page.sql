-- $1 limit, $2 id to go on from, $3 station, then filters.
select c.id, c.station_id, s.identity as station, c.action, c.command, c.status, c.version, c.request,
       c.answer, c.error, c.outcome, c.requested_by, c.request_id,
       c.created_at, c.sent_at, c.finished_at
  from commands c
  join stations s on s.id = c.station_id
 where c.station_id = $3
   and ($2::uuid is null or c.id :before $2)
   and ($4::text is null or c.status = $4)
   and ($5::text is null or c.action = $5)
   and ($6::timestamptz is null or c.created_at >= $6)
   and ($7::timestamptz is null or c.created_at < $7)
 order by c.id :direction
 limit $1
