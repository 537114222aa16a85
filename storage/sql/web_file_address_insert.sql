insert into file_addresses (tenant_id, id, key_hash, purpose, station_id, firmware_id, log_type, most_bytes, details,
                            expires_at, requested_by, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
