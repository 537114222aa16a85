-- $1 id.
update tokens
   set type = $2, status = $3, holder = $4, group_uid = $5, master = $6, expires_at = $7, updated_at = $8,
       additional = $9, language1 = $10, language2 = $11, message = $12, more_messages = $13, priority = $14, places = $15,
       connector_types = $16, windows = $17, time_zone = $18, concurrent = $19, cache_seconds = $20, prepaid = $21,
       reason = $22, revision = revision + 1
 where id = $1
