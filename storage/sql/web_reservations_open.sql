-- $1 station, $2 now: what may still be in the way of another one.
select r.id, r.station_id, s.identity as station, r.number, r.evse, r.connector, r.connector_type, r.token, r.token_type,
       r.group_uid, r.starts_at, r.expires_at, r.status, r.answer, r.detail, r.session_id, r.requested_by, r.created_at,
       r.updated_at, r.ended_at
  from reservations r join stations s on s.id = r.station_id
 where r.station_id = $1 and r.ended_at is null and r.expires_at > $2
 order by r.id
