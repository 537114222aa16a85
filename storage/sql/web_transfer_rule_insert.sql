-- No row when there is a rule for that message.
insert into data_transfer_rules
       (tenant_id, id, vendor_id, message_id, direction, answer, data, url, deadline_s, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
on conflict (tenant_id, direction, vendor_id, message_id) do nothing
returning id
