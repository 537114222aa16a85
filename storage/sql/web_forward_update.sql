update forwards
   set username = $2, password_sealed = case when $3 then $4 else password_sealed end, mode = $5, allowed = $6,
       enabled = $7, updated_at = $8, revision = revision + 1
 where id = $1
