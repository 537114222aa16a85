-- $1 limit, $2 id to go on from, then filters. A severity that the station left out is that of its monitor.
select e.id, e.station_id, s.identity as station, e.event_id, e.at, e.trigger, e.notification, e.component, e.variable,
       e.actual_value, e.cleared, e.monitor_id, coalesce(e.severity, (o.data->>'severity')::integer) as severity, e.cause,
       e.tech_code, e.tech_info, e.transaction_id, e.received_at
  from monitor_events e
  join stations s on s.id = e.station_id
  left join station_objects o on o.station_id = e.station_id and o.kind = 'monitor' and o.key = e.monitor_id::text
 where ($2::uuid is null or e.id :before $2)
   and ($3::uuid is null or e.station_id = $3)
   and ($4::integer is null or coalesce(e.severity, (o.data->>'severity')::integer) <= $4)
   and ($5::boolean is null or e.cleared = $5)
   and ($6::text is null or e.trigger = $6)
   and ($7::bigint is null or e.monitor_id = $7)
   and ($8::timestamptz is null or e.received_at >= $8)
   and ($9::timestamptz is null or e.received_at < $9)
   and ($10::uuid is null or e.id = $10)
 order by e.id :direction
 limit $1
