select f.tenant_id, f.id, f.station_id, s.identity as station, f.url, f.identity, f.username, f.password_sealed, f.mode,
       f.allowed, f.position, f.accepted_at is not null as accepted, f.state, t.version, f.revision
  from forwards f
  join stations s on s.id = f.station_id and s.deleted_at is null
  left join station_states t on t.station_id = f.station_id
 where f.enabled
 order by f.id
