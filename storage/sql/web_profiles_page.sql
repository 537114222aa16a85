-- $1 limit, $2 id to go on from.
select m.id, m.name, m.vendor, m.model, m.firmware, m.data, m.note, m.created_at, m.updated_at, m.revision
  from model_profiles m
 where ($2::uuid is null or m.id :before $2)
 order by m.id :direction
 limit $1
