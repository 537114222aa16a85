-- What a report was asked for. $1 station, $2 request id, $3 the action that asks for it.
select c.request
  from commands c
 where c.station_id = $1 and c.action = $3 and c.request ->> 'requestId' = $2
 order by c.id desc
 limit 1
