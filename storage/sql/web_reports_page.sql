-- $1 limit, $2 id to go on from, then filters.
select r.id, r.station_id, s.identity as station, r.action, r.received_at, r.payload
  from station_reports r
  join stations s on s.id = r.station_id
 where ($2::uuid is null or r.id :before $2)
   and ($3::uuid is null or r.station_id = $3)
   and ($4::text is null or r.action = $4)
 order by r.id :direction
 limit $1
