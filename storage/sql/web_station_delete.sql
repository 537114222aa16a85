-- The row and its history stay; the identity is free again. $1 id, $2 now.
update stations set deleted_at = $2, updated_at = $2, revision = revision + 1
 where id = $1 and deleted_at is null
