-- One at a time makes an authority of a tenant ($1).
select pg_advisory_xact_lock(hashtext('voltyard authority ' || $1::uuid::text))
