select b.id, b.site, b.admission, b.settings, b.created_at, b.updated_at, b.revision
  from boot_policies b
 where b.id = $1
