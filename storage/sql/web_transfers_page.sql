-- $1 limit, $2 id to go on from, then filters. Lines of before carry no direction: they came in.
select r.id, r.station_id, s.identity as station, r.received_at, r.payload
  from station_reports r
  join stations s on s.id = r.station_id
 where r.action = 'DataTransfer'
   and ($2::uuid is null or r.id :before $2)
   and ($3::uuid is null or r.station_id = $3)
   and ($4::text is null or r.payload ->> 'vendorId' = $4)
   and ($5::text is null or r.payload ->> 'messageId' = $5)
   and ($6::text is null or coalesce(r.payload ->> 'direction', 'in') = $6)
   and ($7::text is null or r.payload ->> 'status' = $7)
 order by r.id :direction
 limit $1
