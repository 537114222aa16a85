-- $1 limit, $2 id to go on from.
select b.id, b.site, b.admission, b.settings, b.created_at, b.updated_at, b.revision
  from boot_policies b
 where ($2::uuid is null or b.id :before $2)
 order by b.id :direction
 limit $1
