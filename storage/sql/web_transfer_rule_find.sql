-- $1 direction, $2 vendor, $3 message: the rule of that message, else the vendor's own; and whether the vendor has any.
select id, vendor_id, message_id, direction, answer, data, url, deadline_s, created_at, updated_at, revision
  from data_transfer_rules
 where direction = $1 and vendor_id = $2
 order by message_id is not distinct from $3 desc, message_id is null desc
 limit 1
