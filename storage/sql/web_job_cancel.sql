update jobs set status = 'cancelled', finished_at = $2, updated_at = $2
 where id = $1 and status = 'waiting'
returning id
