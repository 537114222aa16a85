-- $1 id.
update model_profiles
   set vendor = $2, model = $3, firmware = $4, data = $5, note = $6, updated_at = $7, revision = revision + 1
 where id = $1
