update availability_plans set status = $2, detail = $3, updated_at = $4 where id = $1 and status <> 'cancelled'
