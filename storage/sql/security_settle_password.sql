-- The station $1 came with the password kept as $2 (null: with none) while another was on its way: that one is in force,
-- the other ends, and older ones do. A station that came with one is asked for one from now on.
update stations
   set password_hash = $2::text,
       security_profile = case when $2::text is null then security_profile else greatest(security_profile, 1) end,
       pending_password_hash = null,
       pending_password_at = null
 where id = $1 and deleted_at is null and pending_password_hash is not null
   and (pending_password_hash = $2
        or ((password_hash is not distinct from $2 or $2 = any (older_pending_hashes))
            and coalesce(pending_password_at, '-infinity') < now() - interval '1 minute'))
returning id
