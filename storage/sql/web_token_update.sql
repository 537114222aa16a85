-- $1 id.
update tokens
   set type = $2, status = $3, holder = $4, group_uid = $5, master = $6, expires_at = $7, updated_at = $8,
       revision = revision + 1
 where id = $1
