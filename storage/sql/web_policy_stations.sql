-- Stations of a site, or with $2 all of them.
select s.id
  from stations s
 where s.deleted_at is null and ($2 or s.site = $1)
 limit 100000
