-- $1 fingerprint.
delete from client_authorities where fingerprint = $1 returning fingerprint
