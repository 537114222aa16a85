-- Not while a campaign needs it.
update firmware f set status = 'deleted', updated_at = $2
 where f.id = $1 and f.status <> 'deleted'
   and not exists (select from campaigns c where c.firmware_id = f.id and c.status in ('running', 'paused'))
returning id
