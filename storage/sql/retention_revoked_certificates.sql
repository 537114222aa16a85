-- $1 what ended before needs no word of its revocation any more, $2 at most so many at once. One whose end is not known
-- stays, and one of a station that is let in with an expired certificate.
delete from revoked_certificates where ctid in (
    select r.ctid
      from revoked_certificates r
      join certificates c on c.tenant_id = r.tenant_id and c.issuer_hash = r.issuer_hash and c.serial = r.serial
      join stations s on s.id = c.station_id
     where c.not_after < $1
       and not coalesce((s.settings ->> 'accept_expired_certificate')::boolean, false)
     limit $2)
