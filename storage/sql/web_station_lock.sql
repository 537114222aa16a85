-- The same by id, held until the transaction ends. $1 id.
select s.tenant_id, s.id, s.identity, s.name, s.site, s.admission, s.security_profile, s.highest_profile,
       s.password_hash, s.pending_password_hash, s.ocpp_version, s.strict, s.frame_log,
       s.settings, s.held_off, s.revision
  from stations s
 where s.deleted_at is null and s.id = $1
   for update
