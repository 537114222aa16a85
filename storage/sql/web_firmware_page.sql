-- $1 limit, $2 id to go on from, then filters.
select tenant_id, id, name, version, vendor, model, status, size, sha256, md5, signature, signing_certificate, created_by,
       created_at, updated_at
  from firmware
 where status <> 'deleted'
   and ($2::uuid is null or id :before $2)
   and ($3::text is null or vendor = $3)
   and ($4::text is null or model = $4)
   and ($5::text is null or version = $5)
   and ($6::text is null or status = $6)
 order by id :direction
 limit $1
