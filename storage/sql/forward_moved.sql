update forwards set position = coalesce($2, position), state = $3 where id = $1
