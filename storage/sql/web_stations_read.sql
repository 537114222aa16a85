-- Stations with all the API shows of them. $1 ids.
select s.id, s.identity, s.name, s.site, s.admission, s.security_profile, s.highest_profile,
       s.password_hash is not null as has_password, s.pending_password_hash is not null as password_pending,
       s.ocpp_version, s.strict, s.frame_log, s.settings, s.held_off,
       s.created_at, s.updated_at, s.revision,
       st.boot ->> 'vendor' as vendor, st.boot ->> 'model' as model, st.boot ->> 'firmware_version' as firmware,
       (select jsonb_agg(b.settings order by b.site is not null) from boot_policies b
         where b.tenant_id = s.tenant_id and (b.site is null or b.site = s.site)) as policies,
       (select jsonb_agg(m.data order by num_nonnulls(m.vendor, m.model, m.firmware), m.name) from model_profiles m
         where m.tenant_id = s.tenant_id
           and (m.vendor_like is null or lower(st.boot ->> 'vendor') like m.vendor_like)
           and (m.model_like is null or lower(st.boot ->> 'model') like m.model_like)
           and (m.firmware_like is null or lower(st.boot ->> 'firmware_version') like m.firmware_like)) as profiles,
       coalesce(st.online, false) as online, st.version, st.last_seen_at, st.connected_at, st.remote_address,
       st.boot, coalesce(st.quirks, '[]'::jsonb) as quirks, st.clock_offset_ms,
       (select coalesce(jsonb_agg(jsonb_build_object(
                   'evse', c.evse, 'connector', c.connector, 'status', c.status, 'error', c.error,
                   'since', c.since, 'session', open.id) order by c.evse, c.connector), '[]'::jsonb)
          from connectors c
          left join lateral (
               select x.id from sessions x
                where x.station_id = s.id and x.status = 'active' and x.evse = c.evse
                  and coalesce(x.connector, c.connector) = c.connector
                order by x.started_at desc limit 1) open on true
         where c.station_id = s.id) as connectors
  from stations s
  left join station_states st on st.station_id = s.id
 where s.id = any($1::uuid[]) and s.deleted_at is null
