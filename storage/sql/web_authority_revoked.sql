-- What the authority of that name hash ($1) has signed, was revoked, and would not have ended anyway at $2.
select r.serial, r.revoked_at, r.reason
  from revoked_certificates r
 where r.issuer_hash = $1
   and not exists (
       select from certificates c
        where c.issuer_hash = r.issuer_hash and c.serial = r.serial and c.not_after < $2)
 order by r.revoked_at
 limit $3
