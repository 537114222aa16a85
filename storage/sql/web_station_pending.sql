-- A password on its way to the station. $1 id, $2 hash (null: none), $3 only when this one is there, unless null.
update stations set pending_password_hash = $2, pending_password_at = case when $2::text is not null then now() end
 where id = $1 and deleted_at is null and ($3::text is null or pending_password_hash = $3)
