-- $1 limit, $2 id to go on from, then filters: $3 station, $4 event ignoring case, $5 events (casefolded) that are
-- critical, $6 only those that are (true) or are not (false), $7 received from, $8 before.
select r.id, r.station_id, s.identity as station, r.received_at, r.payload
  from station_reports r
  join stations s on s.id = r.station_id
 where r.action = 'SecurityEventNotification'
   and ($2::uuid is null or r.id :before $2)
   and ($3::uuid is null or r.station_id = $3)
   and ($4::text is null or lower(trim(r.payload ->> 'type')) = $4)
   and ($6::boolean is null or (lower(trim(r.payload ->> 'type')) = any ($5::text[])) = $6)
   and ($7::timestamptz is null or r.received_at >= $7)
   and ($8::timestamptz is null or r.received_at < $8)
 order by r.id :direction
 limit $1
