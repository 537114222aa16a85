select t.id, t.name, t.vendor, t.model, t.firmware, t.site, t.priority, t.items, t.correction, t.reboot, t.enabled,
       t.created_at, t.updated_at, t.revision
  from templates t
 where t.id = $1
