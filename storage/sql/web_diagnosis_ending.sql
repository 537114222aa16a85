-- How the last connection of a station ended. $1 subject, $2 since.
select e.received_at as at, e.data ->> 'ending' as ending
  from web_events e
 where e.subject = $1 and e.type = 'voltyard.station.offline.v1' and e.received_at >= $2
 order by e.received_at desc
 limit 1
