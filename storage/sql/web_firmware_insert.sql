insert into firmware (tenant_id, id, name, version, vendor, model, signature, signing_certificate, created_by, created_at,
                      updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
