-- Whether another station than $1 has had a certificate for that key ($2).
select exists (select from certificates where key_hash = $2 and station_id <> $1 and status <> 'refused')
