-- The station $1 came with the password kept as $2 while another was on its way: that one is in force, the other ends.
update stations
   set password_hash = $2,
       security_profile = greatest(security_profile, 1),
       pending_password_hash = null,
       pending_password_at = null
 where id = $1 and deleted_at is null and pending_password_hash is not null
   and (pending_password_hash = $2
        or (password_hash = $2 and coalesce(pending_password_at, '-infinity') < now() - interval '1 minute'))
returning id
