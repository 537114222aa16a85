-- Authorities this tenant trusts to have signed its stations' certificates, the newest first.
select fingerprint, name, certificate, not_after, added_at from client_authorities
order by added_at desc, fingerprint limit $1
