select f.id, f.station_id, s.identity as station, f.url, f.identity, f.username, f.password_sealed is not null as has_password,
       f.mode, f.allowed, f.enabled, f.accepted_at, f.state, f.created_at, f.updated_at, f.revision,
       (select count(*) from forward_messages m where m.station_id = f.station_id
           and (f.position is null or m.id > f.position))::integer as waiting
  from forwards f
  join stations s on s.id = f.station_id
 where f.id = $1
   for update of f
