-- A station's configuration by identity (ignoring case) or id. $1 identity key, $2 id.
select s.tenant_id, s.id, s.identity, s.name, s.site, s.admission, s.security_profile, s.highest_profile,
       s.password_hash, s.pending_password_hash, s.ocpp_version, s.strict, s.frame_log,
       s.settings, s.held_off, s.revision
  from stations s
 where s.deleted_at is null and (s.identity_key = $1 or s.id = $2::uuid)
 order by s.identity_key = $1 desc
 limit 1
