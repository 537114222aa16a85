-- No row when the uid is taken.
insert into tokens (tenant_id, id, uid, uid_key, type, status, holder, group_uid, master, expires_at, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
on conflict (tenant_id, uid_key) do nothing
returning id
