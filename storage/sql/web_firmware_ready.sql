update firmware set status = 'ready', size = $2, sha256 = $3, md5 = $4, updated_at = $5
 where id = $1 and status = 'awaiting'
returning id
