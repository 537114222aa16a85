-- $1 certificates that are done with and ended before go, $2 at most so many at once. One whose revocation is kept stays:
-- it says when that may go.
delete from certificates where ctid in (
    select c.ctid
      from certificates c
     where c.status in ('refused', 'rejected', 'revoked', 'expired', 'superseded')
       and c.updated_at < $1 and coalesce(c.not_after, c.updated_at) < $1
       and not exists (select from revoked_certificates r
                        where r.tenant_id = c.tenant_id and r.issuer_hash = c.issuer_hash and r.serial = c.serial)
     limit $2)
