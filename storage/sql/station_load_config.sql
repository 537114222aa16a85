select t.slug as tenant_slug,
       s.tenant_id, s.id, s.identity, s.name, s.site, s.admission, s.security_profile, s.highest_profile,
       s.password_hash, s.pending_password_hash, s.older_pending_hashes, s.ocpp_version, s.strict, s.frame_log,
       s.settings, s.held_off,
       st.boot ->> 'vendor' as vendor, st.boot ->> 'model' as model, st.boot ->> 'firmware_version' as firmware,
       (select jsonb_agg(b.settings order by b.site is not null) from boot_policies b
         where b.tenant_id = s.tenant_id and (b.site is null or b.site = s.site)) as policies,
       (select jsonb_agg(m.data order by num_nonnulls(m.vendor, m.model, m.firmware), m.name) from model_profiles m
         where m.tenant_id = s.tenant_id
           and (m.vendor_like is null or lower(st.boot ->> 'vendor') like m.vendor_like)
           and (m.model_like is null or lower(st.boot ->> 'model') like m.model_like)
           and (m.firmware_like is null or lower(st.boot ->> 'firmware_version') like m.firmware_like)) as profiles
from stations s join tenants t on t.id = s.tenant_id
left join station_states st on st.station_id = s.id
where s.id = $1 and s.deleted_at is null
