-- $1 id, $2 now. No row when it is over.
update reservations set status = 'cancelling', updated_at = $2 where id = $1 and ended_at is null
returning id
