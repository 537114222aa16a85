-- $1 limit, $2 id to go on from, then filters: $3 station, $4 status, $5 token ignoring case, $6 only open ones.
select r.id, r.station_id, s.identity as station, r.number, r.evse, r.connector, r.connector_type, r.token, r.token_type,
       r.group_uid, r.starts_at, r.expires_at, r.status, r.answer, r.detail, r.session_id, r.requested_by, r.created_at,
       r.updated_at, r.ended_at
  from reservations r join stations s on s.id = r.station_id
 where ($2::uuid is null or r.id :before $2)
   and ($3::uuid is null or r.station_id = $3)
   and ($4::text is null or r.status = $4)
   and ($5::text is null or lower(r.token) = lower($5))
   and (not $6::boolean or r.ended_at is null)
 order by r.id :direction
 limit $1
