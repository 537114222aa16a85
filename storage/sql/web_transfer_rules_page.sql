-- $1 limit, $2 id to go on from, then filters.
select id, vendor_id, message_id, direction, answer, data, url, deadline_s, created_at, updated_at, revision
  from data_transfer_rules
 where ($2::uuid is null or id :before $2)
   and ($3::text is null or vendor_id = $3)
   and ($4::text is null or direction = $4)
 order by id :direction
 limit $1
