-- $1 id.
update templates
   set vendor = $2, model = $3, firmware = $4, site = $5, priority = $6, items = $7, correction = $8, reboot = $9,
       enabled = $10, updated_at = $11, revision = revision + 1
 where id = $1
