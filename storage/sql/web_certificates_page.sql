-- $1 limit, $2 where to go on, then filters: station, use, status, ends before, serial.
select c.tenant_id, c.id, c.station_id, c.use, c.status, c.code, c.reason, c.authority_id, c.csr_hash,
       c.key_hash, c.request_id, c.subject, c.issuer, c.issuer_hash, c.serial, c.fingerprint, c.not_before,
       c.not_after, c.renew_at, c.chain, c.created_at, c.updated_at, c.sent_at, c.answered_at, c.revoked_at,
       c.warned_at, s.identity as station
  from certificates c
  join stations s on s.id = c.station_id
 where ($2::uuid is null or c.id :before $2)
   and ($3::uuid is null or c.station_id = $3)
   and ($4::text is null or c.use = $4)
   and ($5::text is null or c.status = $5)
   and ($6::timestamptz is null or c.not_after < $6)
   and ($7::text is null or c.serial = $7)
 order by c.id :direction
 limit $1
