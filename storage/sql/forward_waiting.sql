-- $1 station, $2 position, $3 most.
select id, received_at, version, action, payload, transaction_id
  from forward_messages
 where station_id = $1 and ($2::uuid is null or id > $2)
 order by id
 limit $3
