update local_list_rules set rule = $2, tokens = $3, groups = $4, updated_at = $5, revision = revision + 1 where id = $1
