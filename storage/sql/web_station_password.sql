-- A password that its station accepted is in force. $1 id, $2 its hash, $3 the hash in force before it was sent.
update stations
   set password_hash = $2, security_profile = greatest(security_profile, 1),
       pending_password_hash = null, pending_password_at = null
 where id = $1 and deleted_at is null
   and (pending_password_hash = $2 or (pending_password_hash is null and password_hash is not distinct from $3))
