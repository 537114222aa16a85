-- $1 limit, $2 id to go on from, $3 station, $4 status.
select p.id, p.station_id, s.identity as station, p.evse, p.connector, p.operative, p.starts_at, p.ends_at, p.repeats, p.time_zone,
       p.reason, p.status, p.detail, p.created_at, p.updated_at
  from availability_plans p join stations s on s.id = p.station_id
 where ($2::uuid is null or p.id :before $2)
   and ($3::uuid is null or p.station_id = $3)
   and ($4::text is null or p.status = $4)
 order by p.id :direction
 limit $1
