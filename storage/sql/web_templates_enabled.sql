-- The tenant's templates that count; at most as many as a tenant may have.
select t.name, t.vendor, t.model, t.firmware, t.site, t.priority, t.items, t.correction, t.reboot
  from templates t
 where t.enabled
 limit 1000
