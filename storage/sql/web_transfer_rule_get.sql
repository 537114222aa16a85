select id, vendor_id, message_id, direction, answer, data, url, deadline_s, created_at, updated_at, revision
  from data_transfer_rules
 where id = $1
