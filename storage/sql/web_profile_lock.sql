select m.id, m.name, m.vendor, m.model, m.firmware, m.data, m.note, m.created_at, m.updated_at, m.revision
  from model_profiles m
 where m.id = $1
   for update
