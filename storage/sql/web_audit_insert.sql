insert into audit_log (tenant_id, id, at, actor, action, subject, detail, request_id)
values ($1, $2, $3, $4, $5, $6, $7, $8)
