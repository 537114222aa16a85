select c.id, c.station_id, s.identity as station, c.action, c.command, c.status, c.version, c.request,
       c.answer, c.error, c.outcome, c.requested_by, c.request_id,
       c.created_at, c.sent_at, c.finished_at
  from commands c
  join stations s on s.id = c.station_id
 where c.id = $1
