select tenant_id, id, name, version, vendor, model, status, size, sha256, md5, signature, signing_certificate, created_by,
       created_at, updated_at
  from firmware
 where id = $1 and status <> 'deleted'
