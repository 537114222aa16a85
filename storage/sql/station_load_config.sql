select t.slug as tenant_slug,
       s.tenant_id, s.id, s.identity, s.name, s.site, s.admission, s.security_profile, s.highest_profile,
       s.password_hash, s.pending_password_hash, s.ocpp_version, s.strict, s.frame_log, s.settings, s.held_off
from stations s join tenants t on t.id = s.tenant_id
where s.id = $1 and s.deleted_at is null
