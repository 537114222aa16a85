-- A password on its way to the station. $1 id, $2 hash (null: none), $3 null: a new one, and of the one that was pending
-- it is not known yet whether the station took it, so it stays among the older ones; else only when $3 is pending, which
-- was refused, so that $2 is again what it was. What was there before, as nobody else could change it meanwhile: the
-- pending one, and the one in force.
with before as (
    select id, pending_password_hash, password_hash, older_pending_hashes
      from stations where id = $1 and deleted_at is null for update
)
update stations s
   set pending_password_hash = $2,
       pending_password_at = case when $2::text is not null then now() end,
       older_pending_hashes = case
           when b.pending_password_hash is null or $2::text is null then '{}'
           when $3::text is not null then b.older_pending_hashes[2:]
           else (array[b.pending_password_hash] || b.older_pending_hashes)[1:3]
       end
  from before b
 where s.id = b.id and ($3::text is null or b.pending_password_hash = $3)
returning b.pending_password_hash, b.password_hash
