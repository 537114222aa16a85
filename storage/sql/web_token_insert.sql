-- No row when the uid is taken.
insert into tokens (tenant_id, id, uid, uid_key, type, status, holder, group_uid, master, expires_at, created_at, updated_at,
                    additional, language1, language2, message, more_messages, priority, places, connector_types, windows,
                    time_zone, concurrent, cache_seconds, prepaid, reason)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11,
        $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)
on conflict (tenant_id, uid_key) do nothing
returning id
