-- $1 id, $2 settings as merged by the caller under the row's lock, $3 now.
update stations set settings = $2, updated_at = $3, revision = revision + 1 where id = $1 and deleted_at is null
