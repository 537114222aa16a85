-- A password on its way to the station. $1 id, $2 hash (null: none), $3 only when this one is there, unless null. What was
-- there before, as nobody else could change it meanwhile: the pending one, and the one in force.
with before as (
    select id, pending_password_hash, password_hash from stations where id = $1 and deleted_at is null for update
)
update stations s set pending_password_hash = $2, pending_password_at = case when $2::text is not null then now() end
  from before b
 where s.id = b.id and ($3::text is null or b.pending_password_hash = $3)
returning b.pending_password_hash, b.password_hash
