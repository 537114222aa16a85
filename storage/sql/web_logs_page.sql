-- $1 limit, $2 id to go on from, then filters. What the station said lies with its objects.
select a.id, a.station_id, s.identity as station, a.log_type, a.status as file_status, a.file_name, a.size, a.sha256, a.error,
       a.expires_at, a.details, a.requested_by, a.created_at, a.updated_at, o.key as request, o.status, o.data
  from file_addresses a
  join stations s on s.id = a.station_id
  left join lateral (
       select o.key, o.status, o.data from station_objects o
        where o.station_id = a.station_id and o.kind = 'log_upload' and o.data->>'address' = a.id::text
        order by o.since desc limit 1) o on true
 where a.purpose = 'log'
   and ($2::uuid is null or a.id :before $2)
   and ($3::uuid is null or a.station_id = $3)
   and ($4::text is null or a.log_type = $4)
   and ($5::text is null or o.status = $5)
   and ($6::uuid is null or a.id = $6)
 order by a.id :direction
 limit $1
