-- Stations of a site ($1), or of none given all, beyond $2; at most $3.
select s.id
  from stations s
 where s.deleted_at is null and ($1::text is null or s.site = $1) and ($2::uuid is null or s.id > $2)
 order by s.id
 limit $3
