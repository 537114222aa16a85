-- Running sessions whose station has been away, and silent about them, since before $1. $2 at most.
select s.id, s.tenant_id, t.slug, x.identity
  from sessions s
  join stations x on x.id = s.station_id and x.deleted_at is null
  join tenants t on t.id = s.tenant_id
  left join station_states st on st.station_id = s.station_id
 where s.status = 'active' and s.last_received_at < $1
   and not coalesce(st.online, false) and coalesce(st.last_seen_at, s.last_received_at) < $1
 order by s.last_received_at
 limit $2
