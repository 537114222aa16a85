update certificates set warned_at = $2 where id = $1 and warned_at is null returning id
