update commands set status = 'cancelled', finished_at = $2
 where id = $1 and status = 'queued'
returning id
