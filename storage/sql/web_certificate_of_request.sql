-- What was signed for the very same request and may still be given out: $1 station, $2 use, $3 hash, $4 now.
select c.tenant_id, c.id, c.station_id, c.use, c.status, c.code, c.reason, c.authority_id, c.csr_hash,
       c.key_hash, c.request_id, c.subject, c.issuer, c.issuer_hash, c.serial, c.fingerprint, c.not_before,
       c.not_after, c.renew_at, c.chain, c.created_at, c.updated_at, c.sent_at, c.answered_at, c.revoked_at,
       c.warned_at, s.identity as station
  from certificates c
  join stations s on s.id = c.station_id
 where c.station_id = $1 and c.use = $2 and c.csr_hash = $3 and c.not_after > $4
   and c.status in ('issued', 'sent', 'accepted')
 order by c.id desc
 limit 1
