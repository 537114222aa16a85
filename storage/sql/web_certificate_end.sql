update certificates set status = 'expired', updated_at = $2
 where id = $1 and status in ('issued', 'sent', 'accepted')
