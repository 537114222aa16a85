select c.tenant_id, c.id, c.name, c.firmware_id, c.status, c.reason, c.rules, c.chosen, c.requested_by, c.created_at, c.updated_at,
       c.ended_at, c.revision, f.version
  from campaigns c
  join firmware f on f.id = c.firmware_id
 where c.id = $1
