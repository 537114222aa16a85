select tenant_id, id, key_hash, purpose, station_id, firmware_id, log_type, status, most_bytes, file_name, size, sha256, error,
       details, expires_at, requested_by, created_at, updated_at
  from file_addresses
 where id = $1
