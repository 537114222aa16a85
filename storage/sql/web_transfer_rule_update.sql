-- $1 id.
update data_transfer_rules
   set answer = $2, data = $3, url = $4, deadline_s = $5, updated_at = $6, revision = revision + 1
 where id = $1
