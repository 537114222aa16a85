update boot_policies set admission = $2, settings = $3, updated_at = $4, revision = revision + 1 where id = $1
