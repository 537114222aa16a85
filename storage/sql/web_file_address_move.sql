update file_addresses
   set status = $2, file_name = coalesce($3, file_name), size = $4, sha256 = $5, error = $6, updated_at = $7
 where id = $1 and status = 'open'
returning id
