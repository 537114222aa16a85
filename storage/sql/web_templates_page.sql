-- $1 limit, $2 id to go on from.
select t.id, t.name, t.vendor, t.model, t.firmware, t.site, t.priority, t.items, t.correction, t.reboot, t.enabled,
       t.created_at, t.updated_at, t.revision
  from templates t
 where ($2::uuid is null or t.id :before $2)
 order by t.id :direction
 limit $1
